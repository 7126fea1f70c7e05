package args

import (
	"github.com/grafana/sobek/ast"
)

// isLiteral says that a program is one expression that ends: made of literals, arrays, objects and operators, without
// calls and loops.
func isLiteral(program *ast.Program) bool {
	if len(program.Body) != 1 {
		return false
	}
	statement, ok := program.Body[0].(*ast.ExpressionStatement)
	return ok && isLiteralExpression(statement.Expression)
}

func isLiteralExpression(e ast.Expression) bool {
	switch e := e.(type) {
	case nil, *ast.NullLiteral, *ast.NumberLiteral, *ast.StringLiteral, *ast.BooleanLiteral, *ast.RegExpLiteral,
		*ast.Identifier:
		return true
	case *ast.FunctionLiteral:
		return len(e.Body.List) == 0
	case *ast.ArrayLiteral:
		for _, item := range e.Value {
			if !isLiteralExpression(item) {
				return false
			}
		}
		return true
	case *ast.ObjectLiteral:
		for _, item := range e.Value {
			keyed, ok := item.(*ast.PropertyKeyed)
			if !ok || keyed.Kind != ast.PropertyKindValue || !isLiteralExpression(keyed.Value) {
				return false
			}
		}
		return true
	case *ast.UnaryExpression:
		return isLiteralExpression(e.Operand)
	default:
		return false
	}
}
