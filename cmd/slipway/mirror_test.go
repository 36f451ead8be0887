package main

import (
	"archive/zip"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// mirror serves archives of the folders of a database, as a mirror of osv.dev's data does:
// `mirror <variable> <folder>`.
func mirror(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mirror <variable> <folder>")
	}
	served := ts.MkAbs(args[1] + ".served")
	folders, err := os.ReadDir(ts.MkAbs(args[1]))
	ts.Check(err)
	for _, folder := range folders {
		name := filepath.Join(served, folder.Name(), "all.zip")
		ts.Check(os.MkdirAll(filepath.Dir(name), 0o755))
		f, err := os.Create(name)
		ts.Check(err)
		archive := zip.NewWriter(f)
		ts.Check(archive.AddFS(os.DirFS(filepath.Join(ts.MkAbs(args[1]), folder.Name()))))
		ts.Check(archive.Close())
		ts.Check(f.Close())
		made := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
		ts.Check(os.Chtimes(name, made, made))
	}
	server := httptest.NewServer(http.FileServer(http.Dir(served)))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}
