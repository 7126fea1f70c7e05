package js_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"
	"go.k6.io/k6/v2/lib/fsext"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"
	"go.k6.io/k6/v2/metrics"
	"gopkg.in/guregu/null.v3"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/js"
)

// Scripts that need no k6 of their own run on k6's modulestest, in the process of the test. The race detector and
// goleak see the module at work there, and no k6 has to start.
//
// Nothing that scripts import is made up. Their modules are k6's, and k6 resolves them: these two functions of internal
// packages return what that takes. If k6 renames one, the tests of this package do not link. What modulestest leaves to
// its caller, such as the options and the network of a VU, is below; TestRuntimeIsThatOfK6 compares it with a real k6.

//go:linkname k6Modules go.k6.io/k6/v2/internal/js.getJSModules
func k6Modules() map[string]any

//go:linkname newCompiler go.k6.io/k6/v2/internal/js/compiler.New
func newCompiler(logger logrus.FieldLogger) unsafe.Pointer // a *compiler.Compiler

// setUpModules calls SetupModuleSystem. The type of its third parameter cannot be named here, but inferred.
func setUpModules[C any](
	setUp func(goModules map[string]any, load modules.FileLoader, c *C) error, goModules map[string]any, c unsafe.Pointer,
) error {
	load := func(specifier *url.URL, _ string) ([]byte, error) { return os.ReadFile(specifier.Path) }
	return setUp(goModules, load, (*C)(c))
}

// scenario is the name that k6 gives the scenario of a script that names none.
const scenario = "default"

// limit is how long a script may run, as in a k6 of its own.
const limit = 2 * time.Minute

// script is a script in a runtime of modulestest, with what k6 puts around it.
type script struct {
	*modulestest.Runtime
	env     map[string]string
	exports *sobek.Object
	root    *js.RootModule
	stderr  lockedBuffer
	samples chan metrics.SampleContainer
	state   *lib.State
}

// runFile runs a script file as k6 does, with one VU and one iteration. env is what the script sees, as "KEY=value".
func runFile(t *testing.T, path string, env []string) *k6test.Outcome {
	t.Helper()
	s := &script{
		Runtime: modulestest.NewRuntime(t), root: js.New(), env: make(map[string]string),
		samples: make(chan metrics.SampleContainer),
	}
	for _, entry := range env {
		key, value, _ := strings.Cut(entry, "=")
		s.env[key] = value
	}
	s.load(t, path)
	s.activate(t)
	return s.iterate(t)
}

// load evaluates the script, in the init context.
func (s *script) load(t *testing.T, path string) {
	t.Helper()
	init := s.VU.InitEnvField
	logger := logrus.New()
	logger.Out, logger.Formatter = &s.stderr, rawLog{}
	init.Logger = logger
	init.BuiltinMetrics = s.BuiltinMetrics
	init.LookupEnv = func(key string) (string, bool) {
		value, ok := s.env[key]
		return value, ok
	}
	init.FileSystems = map[string]fsext.Fs{"file": fsext.NewOsFs()}
	init.CWD = &url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Dir(path)) + "/"}

	rt := s.VU.Runtime()
	require.NoError(t, rt.Set("__ENV", s.env))
	require.NoError(t, rt.Set("__VU", 1))
	require.NoError(t, rt.Set("__ITER", 0))
	require.NoError(t, rt.Set("console", console(logger)))
	goModules := k6Modules()
	goModules["k6/x/fetch"] = s.root
	require.NoError(t, setUpModules(s.SetupModuleSystem, goModules, newCompiler(logger)))
	require.NoError(t, rt.Set("path", "./"+filepath.Base(path)))
	exports, err := s.RunOnEventLoop("require(path)")
	require.NoError(t, err)
	s.exports = exports.ToObject(rt)
}

// activate takes the script from the init context to a VU. That has the script's options, and k6's defaults for others.
func (s *script) activate(t *testing.T) {
	t.Helper()
	init := s.VU.InitEnvField
	options := defaults()
	if exported := s.exports.Get("options"); exported != nil {
		data, err := json.Marshal(exported.Export())
		require.NoError(t, err)
		var own lib.Options
		require.NoError(t, json.Unmarshal(data, &own))
		options = options.Apply(own)
	}
	options, err := executor.DeriveScenariosFromShortcuts(options, init.Logger)
	require.NoError(t, err)
	dns := types.DefaultDNSConfig()
	dialer := &netext.Dialer{
		Dialer:   net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second},
		Resolver: netext.NewResolver(net.LookupIP, 0, dns.Select.DNSSelect, dns.Policy.DNSPolicy),
		Hosts:    options.Hosts.Trie,
	}
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	transport := &http.Transport{
		DialContext: dialer.DialContext, DisableCompression: true, ForceAttemptHTTP2: true,
		MaxIdleConns: int(options.Batch.Int64), MaxIdleConnsPerHost: int(options.BatchPerHost.Int64),
	}
	t.Cleanup(transport.CloseIdleConnections)
	s.state = &lib.State{
		Options: options, BuiltinMetrics: s.BuiltinMetrics, Logger: init.Logger, Usage: init.Usage,
		Dialer: dialer, Transport: transport, CookieJar: jar, BufferPool: lib.NewBufferPool(), Samples: s.samples,
		VUID: 1, VUIDGlobal: 1, TestStatus: lib.NewTestStatus(),
		Tags: lib.NewVUStateTags(init.Registry.RootTagSet().WithTagsFromMap(options.RunTags)),
	}
	first := func() uint64 { return 0 }
	s.state.GetScenarioVUIter, s.state.GetScenarioLocalVUIter, s.state.GetScenarioGlobalVUIter = first, first, first
	s.state.Tags.Modify(func(tags *metrics.TagsAndMeta) {
		tags.SetSystemTagOrMetaIfEnabled(options.SystemTags, metrics.TagGroup, lib.RootGroupPath)
		tags.SetSystemTagOrMetaIfEnabled(options.SystemTags, metrics.TagScenario, scenario)
	})
	s.VU.CtxField = lib.WithScenarioState(s.VU.Context(), &lib.ScenarioState{
		Name: scenario, Executor: options.Scenarios[scenario].GetType(), StartTime: time.Now(),
	})
	s.MoveToVUContext(s.state)
}

// defaults are those of k6. TestRuntimeIsThatOfK6 compares them.
func defaults() lib.Options {
	return lib.Options{
		Batch: null.NewInt(20, false), BatchPerHost: null.NewInt(6, false), MaxRedirects: null.NewInt(10, false),
		UserAgent: null.NewString("Grafana k6/2.2.0", false), SystemTags: &metrics.DefaultSystemTagSet,
		DNS: types.DefaultDNSConfig(), SummaryTrendStats: lib.DefaultSummaryTrendStats,
	}
}

// iterate calls the script's default function. It returns when all work that this has begun has ended.
func (s *script) iterate(t *testing.T) *k6test.Outcome {
	t.Helper()
	out := &k6test.Outcome{}
	ended, gathered := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gathered)
		for {
			select {
			case container := <-s.samples:
				for _, sample := range container.GetSamples() {
					out.Samples = append(out.Samples, k6test.Sample{
						Metric: sample.Metric.Name, Value: sample.Value, Time: sample.Time,
						Tags: sample.Tags.Map(), Meta: sample.Metadata,
					})
				}
			case <-ended:
				return
			}
		}
	}()

	late := time.AfterFunc(limit, func() { s.VU.Runtime().Interrupt("the script takes too long") })
	defer late.Stop()
	ctx, cancel := context.WithCancel(s.VU.Context())
	s.VU.CtxField = ctx
	iteration, ok := sobek.AssertFunction(s.exports.Get("default"))
	require.True(t, ok, "the script has no default function")
	var value sobek.Value
	err := s.EventLoop.Start(func() (err error) {
		value, err = iteration(sobek.Undefined())
		return err
	})
	cancel()
	s.EventLoop.WaitOnRegistered()
	<-s.root.Idle()
	close(ended)
	<-gathered

	require.NoError(t, err)
	if promise, ok := value.Export().(*sobek.Promise); ok {
		require.Equal(t, sobek.PromiseStateFulfilled, promise.State(), "%v", promise.Result())
	}
	out.Stderr = s.stderr.String()
	return out
}

// rawLog writes messages and nothing else, as k6 does with --log-format raw.
type rawLog struct{}

func (rawLog) Format(entry *logrus.Entry) ([]byte, error) { return []byte(entry.Message + "\n"), nil }

// console is the console of scripts.
func console(logger *logrus.Logger) map[string]func(...any) {
	return map[string]func(...any){"log": logger.Info, "info": logger.Info, "warn": logger.Warn, "error": logger.Error}
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
