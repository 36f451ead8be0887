package main

import (
	"net/http/httptest"
	"testing"
)

func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		path, fault string
		status      int
		body        string
	}{
		{"/version", "", 200, `{"service":"shop","version":"1.4.0","commit":"abc"}`},
		{"/healthz", "", 200, `{"status":"ok"}`},
		{"/products", "", 200, `[{"name":"kettle","cents":2900},{"name":"teapot","cents":3400}]`},
		{"/products", "no database", 500, `{"error":"no database"}`},
		{"/version", "no database", 500, `{"error":"no database"}`},
		{"/healthz", "no database", 500, `{"error":"no database"}`},
	} {
		handler, err := newHandler(build{"shop", "1.4.0", "abc"}, test.fault, content)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
		if w.Code != test.status || w.Body.String() != test.body+"\n" {
			t.Errorf("%s with fault %q: %d %s", test.path, test.fault, w.Code, w.Body)
		}
	}
}

func TestNoVersion(t *testing.T) {
	for _, version := range []string{"", "latest", "v1.4.0", "1.4"} {
		if _, err := newHandler(build{Version: version}, "", content); err == nil {
			t.Errorf("it starts as version %q", version)
		}
	}
}
