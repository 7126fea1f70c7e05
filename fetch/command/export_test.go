package command

// Flags are the names of all flags, each with the run option that it sets.
func Flags() map[string]string {
	all := make(map[string]string)
	for _, f := range flags() {
		all[f.name] = f.option
	}
	return all
}

// FlagRows are the flags as the table of the documentation has them.
func FlagRows() [][3]string {
	rows := make([][3]string, 0, len(flags()))
	for _, f := range flags() {
		name := "--" + f.name
		if f.short != "" {
			name = "-" + f.short + ", " + name
		}
		rows = append(rows, [3]string{name, f.value, f.usage})
	}
	return rows
}
