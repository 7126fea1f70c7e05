package operator_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grafana/k6-operator/api/v1alpha1"
	"github.com/grafana/k6-operator/pkg/cloud"
	"github.com/grafana/k6-operator/pkg/resources/jobs"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write the commands of the operator's pods to testdata")

const (
	cluster = "../../examples/cluster"
	// commands are those that the operator runs in its pods, for the simulation of it on one machine.
	commands = "../../fetch/internal/e2e/distribution/testdata/operator.json"
)

// documents are the YAML documents of a file.
func documents(t *testing.T, path string) [][]byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return bytes.Split(data, []byte("\n---\n"))
}

func testRun(t *testing.T) *v1alpha1.TestRun {
	t.Helper()
	run := &v1alpha1.TestRun{}
	docs := documents(t, filepath.Join(cluster, "testrun.yaml"))
	require.Len(t, docs, 1)
	require.NoError(t, yaml.UnmarshalStrict(docs[0], run))
	return run
}

func TestManifestsHaveNothingThatTheirTypesDoNot(t *testing.T) {
	t.Parallel()
	kinds := map[string]func() any{
		"TestRun":               func() any { return &v1alpha1.TestRun{} },
		"PersistentVolumeClaim": func() any { return &corev1.PersistentVolumeClaim{} },
		"Pod":                   func() any { return &corev1.Pod{} },
	}
	files, err := filepath.Glob(filepath.Join(cluster, "*.yaml"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, file := range files {
		for _, doc := range documents(t, file) {
			var kind struct {
				Kind string `json:"kind"`
			}
			require.NoError(t, yaml.Unmarshal(doc, &kind), file)
			require.Contains(t, kinds, kind.Kind)
			require.NoError(t, yaml.UnmarshalStrict(doc, kinds[kind.Kind]()), file)
		}
	}
}

func TestTestRunIsValidByTheCRD(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/grafana/k6-operator").Output()
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "config/crd/bases/k6.io_testruns.yaml"))
	require.NoError(t, err)
	crd := &apiextensionsv1.CustomResourceDefinition{}
	require.NoError(t, yaml.Unmarshal(data, crd))
	require.Len(t, crd.Spec.Versions, 1)
	require.Equal(t, testRun(t).APIVersion, crd.Spec.Group+"/"+crd.Spec.Versions[0].Name)
	require.Equal(t, testRun(t).Kind, crd.Spec.Names.Kind)

	schema := &apiextensions.CustomResourceValidation{}
	require.NoError(t, apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(
		crd.Spec.Versions[0].Schema, schema, nil))
	validator, _, err := validation.NewSchemaValidator(schema.OpenAPIV3Schema)
	require.NoError(t, err)

	var object map[string]any
	require.NoError(t, yaml.Unmarshal(documents(t, filepath.Join(cluster, "testrun.yaml"))[0], &object))
	require.Empty(t, validation.ValidateCustomResource(field.NewPath(""), object, validator))
	spec, ok := object["spec"].(map[string]any)
	require.True(t, ok)
	spec["parallelism"] = "three"
	require.NotEmpty(t, validation.ValidateCustomResource(field.NewPath(""), object, validator), "it validates nothing")

	warnings, err := testRun(t).Spec.Validate()
	require.NoError(t, err)
	require.Empty(t, warnings)
}

// What the manifest names must be where it says, in every pod that runs the script.
func TestPodsHaveTheScriptAndTheList(t *testing.T) {
	t.Parallel()
	run := testRun(t)
	script, err := run.Spec.ParseScript()
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(cluster, script.Filename))

	claim := &corev1.PersistentVolumeClaim{}
	require.NoError(t, yaml.UnmarshalStrict(documents(t, filepath.Join(cluster, "lists.yaml"))[0], claim))

	initializer, err := jobs.NewInitializerJob(run, run.Spec.Arguments)
	require.NoError(t, err)
	runner, err := jobs.NewRunnerJob(run, 1, &cloud.TokenInfo{})
	require.NoError(t, err)
	for _, pod := range []corev1.PodSpec{initializer.Spec.Template.Spec, runner.Spec.Template.Spec} {
		mounts := map[string]string{}
		for _, mount := range pod.Containers[0].VolumeMounts {
			mounts[mount.MountPath] = mount.Name
		}
		env := map[string]string{}
		for _, e := range pod.Containers[0].Env {
			env[e.Name] = e.Value
		}
		require.Contains(t, mounts, filepath.Dir(script.FullName()))
		require.Contains(t, mounts, filepath.Dir(env["LIST"]))
		claims := []string{}
		for _, volume := range pod.Volumes {
			if c := volume.PersistentVolumeClaim; c != nil {
				claims = append(claims, c.ClaimName)
			}
		}
		require.Equal(t, []string{claim.Name}, claims)
	}

	// The script reads no other variables than those, and some that it has defaults for.
	data, err := os.ReadFile(filepath.Join(cluster, script.Filename))
	require.NoError(t, err)
	for _, e := range run.Spec.Runner.Env {
		require.Regexp(t, regexp.MustCompile(`__ENV\.`+e.Name+`\b`), string(data))
	}
}

func TestCommandsOfThePodsAreThoseThatAreSimulated(t *testing.T) {
	t.Parallel()
	run := testRun(t)
	var all [][]string
	for i := 1; i <= int(run.Spec.Parallelism); i++ {
		job, err := jobs.NewRunnerJob(run, i, &cloud.TokenInfo{})
		require.NoError(t, err)
		all = append(all, job.Spec.Template.Spec.Containers[0].Command)
	}
	data, err := json.MarshalIndent(all, "", "  ")
	require.NoError(t, err)
	data = append(data, '\n')
	if *update {
		require.NoError(t, os.WriteFile(commands, data, 0o644))
	}
	known, err := os.ReadFile(commands)
	require.NoError(t, err)
	require.Equal(t, string(known), string(data), "the pods run other commands: go test -update, in tools/operator")
}
