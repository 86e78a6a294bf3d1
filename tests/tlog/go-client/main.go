// Walks a log of yiwang with a C2SP tlog-tiles client that others wrote, filippo.io/torchwood, over plain HTTP.
//
//	go-client walk URL VKEY
//
// Verifies the checkpoint's signature, every tile and every entry; then proves and checks single entries at the borders
// of tiles. Prints size, root and the SHA-256 over all entries; exits with 1 and the client's own words when it refuses.
//
//	go-client receipts < TASKS
//
// Checks receipts (tlog-proof) under policies (tlog-policy): one JSON task a line, {"policy", "proof", "entry"} in
// base64; answers with one line each, empty when it accepts, else the library's own words.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	var err error
	if len(os.Args) == 4 && os.Args[1] == "walk" {
		err = walk(os.Args[2], os.Args[3])
	} else {
		err = receipts()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func walk(url, vkey string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	fetcher, err := torchwood.NewTileFetcher(url, torchwood.WithConcurrencyLimit(4))
	if err != nil {
		return err
	}
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		return err
	}
	head, err := checkpoint(ctx, fetcher, vkey)
	if err != nil {
		return err
	}
	all, count := sha256.New(), int64(0)
	for index, entry := range client.AllEntries(ctx, head.Tree, 0) {
		if index != count {
			return fmt.Errorf("entry %d came instead of %d", index, count)
		}
		all.Write(entry)
		count++
	}
	if err := client.Err(); err != nil {
		return err
	}
	if count != head.N {
		return fmt.Errorf("the walk ended after %d of %d entries", count, head.N)
	}
	for _, index := range []int64{0, 255, 256, head.N / 2, head.N - 1} {
		if index >= 0 && index < head.N {
			if _, _, err := client.Entry(ctx, head.Tree, index); err != nil {
				return err
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"origin": head.Origin, "size": head.N, "root": head.Hash[:], "entries": all.Sum(nil),
	})
}

func checkpoint(ctx context.Context, fetcher *torchwood.TileFetcher, vkey string) (torchwood.Checkpoint, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return torchwood.Checkpoint{}, err
	}
	data, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return torchwood.Checkpoint{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return torchwood.Checkpoint{}, err
	}
	return torchwood.ParseCheckpoint(opened.Text)
}

func receipts() error {
	type task struct{ Policy, Proof, Entry []byte }
	for tasks := json.NewDecoder(os.Stdin); tasks.More(); {
		var t task
		if err := tasks.Decode(&t); err != nil {
			return err
		}
		policy, err := torchwood.ParsePolicy(t.Policy)
		if err == nil {
			err = torchwood.VerifyProof(policy, tlog.RecordHash(t.Entry), t.Proof)
		}
		if err != nil {
			fmt.Printf("%q\n", err.Error())
		} else {
			fmt.Println()
		}
	}
	return nil
}
