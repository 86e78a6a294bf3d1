// Checks logs, proofs and notes of yiwang with golang.org/x/mod/sumdb (tlog, note): code that others wrote.
//
// Reads one JSON task a line from standard input, writes one JSON answer a line. An answer with an "error" means that
// x/mod refused. Built by tests/tlog/outside.py from the packages of the distribution, in GOPATH mode (Go 1.19 or newer).
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Task says what to do; which other fields count depends on it. Bytes are base64 in JSON.
type Task struct {
	Do      string   // log, record, tree, note, vkey
	Folder  string   // log: the folder that holds checkpoint and tile/
	VKey    string   // log, note, vkey
	Leaves  []int64  // log: read these leaves only; absent: all, and the tree is built anew from the entries
	Sizes   []int64  // log: also give the roots of the first so many entries, built anew
	Note    []byte   // note
	Proof   [][]byte // record, tree
	Size    int64    // record, tree
	Root    []byte   // record, tree
	Index   int64    // record
	Entry   []byte   // record
	Old     int64    // tree
	OldRoot []byte   // tree
}

// An Answer has an error, or what was found.
type Answer struct {
	Error string   `json:"error,omitempty"`
	Size  int64    `json:"size"`
	Root  []byte   `json:"root,omitempty"`
	Roots [][]byte `json:"roots,omitempty"` // log: by the task's sizes
	Text  []byte   `json:"text,omitempty"`  // note: the signed text
	Known int      `json:"known"`           // note: verified signatures
	Other int      `json:"other"`           // note: signatures by keys that are not known
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	tasks := json.NewDecoder(lines)
	for tasks.More() {
		var task Task
		if err := tasks.Decode(&task); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		answer, err := run(task)
		if err != nil {
			answer = Answer{Error: err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			os.Exit(2)
		}
	}
}

func run(task Task) (Answer, error) {
	switch task.Do {
	case "log":
		return checkLog(task)
	case "record":
		proof, root, err := hashes(task)
		if err != nil {
			return Answer{}, err
		}
		return Answer{}, tlog.CheckRecord(proof, task.Size, root, task.Index, tlog.RecordHash(task.Entry))
	case "tree":
		proof, root, err := hashes(task)
		if err != nil {
			return Answer{}, err
		}
		old, err := hash(task.OldRoot)
		if err != nil {
			return Answer{}, err
		}
		return Answer{}, tlog.CheckTree(proof, task.Size, root, task.Old, old)
	case "note":
		opened, err := open(task.Note, task.VKey)
		if err != nil {
			return Answer{}, err
		}
		return Answer{Text: []byte(opened.Text), Known: len(opened.Sigs), Other: len(opened.UnverifiedSigs)}, nil
	case "vkey":
		_, err := note.NewVerifier(task.VKey)
		return Answer{}, err
	}
	return Answer{}, fmt.Errorf("no such task: %q", task.Do)
}

func open(msg []byte, vkey string) (*note.Note, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	return note.Open(msg, note.VerifierList(verifier))
}

func hashes(task Task) ([]tlog.Hash, tlog.Hash, error) {
	proof := make([]tlog.Hash, len(task.Proof))
	for i, data := range task.Proof {
		h, err := hash(data)
		if err != nil {
			return nil, h, err
		}
		proof[i] = h
	}
	root, err := hash(task.Root)
	return proof, root, err
}

func hash(data []byte) (h tlog.Hash, err error) {
	if len(data) != tlog.HashSize {
		return h, fmt.Errorf("a hash of %d bytes", len(data))
	}
	copy(h[:], data)
	return h, nil
}
