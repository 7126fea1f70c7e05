package k6net

import (
	"bytes"
	"net/http"
	"net/http/httputil"
	"regexp"

	"github.com/google/uuid"
	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// Debug logs requests and responses as k6's option httpDebug does.
func Debug(state *lib.State) func(*fetch.Target, http.RoundTripper) http.RoundTripper {
	withBody := state.Options.HTTPDebug.String == "full"
	return func(target *fetch.Target, rt http.RoundTripper) http.RoundTripper {
		fields := logrus.Fields{"source": "http-debug", "vu": state.VUID, "iter": state.Iteration}
		if tags, ok := target.Spec.Attachment.(*metrics.TagsAndMeta); ok {
			addMissing(fields, tags.Metadata)
			addMissing(fields, tags.Tags.Map())
		}
		return &debugLog{rt: rt, withBody: withBody, logger: state.Logger.WithFields(fields)}
	}
}

func addMissing(fields logrus.Fields, more map[string]string) {
	for key, value := range more {
		if _, present := fields[key]; !present {
			fields[key] = value
		}
	}
}

type debugLog struct {
	rt       http.RoundTripper
	withBody bool
	logger   logrus.FieldLogger
}

func (d *debugLog) RoundTrip(req *http.Request) (*http.Response, error) {
	logger := d.logger.WithField("request_id", uuid.NewString())
	dump, err := httputil.DumpRequestOut(req, d.withBody)
	d.log(logger, "Request", dump, err)
	resp, err := d.rt.RoundTrip(req)
	if err == nil {
		dump, dumpErr := httputil.DumpResponse(resp, d.withBody)
		d.log(logger, "Response", dump, dumpErr)
	}
	return resp, err
}

// urlAuth is what a log must not show: it is made of the user info of a URL.
var urlAuth = regexp.MustCompile(`(?im)^(Authorization: (?:Basic|Digest|NTLM|Negotiate) ).*$`)

func (d *debugLog) log(logger logrus.FieldLogger, what string, dump []byte, err error) {
	if err != nil {
		logger.Error(err)
		return
	}
	dump = bytes.ReplaceAll(dump, []byte("\r\n"), []byte{'\n'})
	logger.Infof("%s:\n%s\n", what, urlAuth.ReplaceAll(dump, []byte("${1}****")))
}
