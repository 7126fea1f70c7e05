package js_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

func TestMain(m *testing.M) {
	askNameServer()
	k6test.Main(m, func(m *testing.M) { goleak.VerifyTestMain(m) })
}
