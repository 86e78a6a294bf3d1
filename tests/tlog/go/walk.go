package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

// checkLog opens the checkpoint with the log's key, then reads leaf hashes through tlog.TileHashReader (which trusts
// no tile before it fits the signed root) and compares them with the entries.
func checkLog(task Task) (Answer, error) {
	data, err := os.ReadFile(filepath.Join(task.Folder, "checkpoint"))
	if err != nil {
		return Answer{}, err
	}
	opened, err := open(data, task.VKey)
	if err != nil {
		return Answer{}, err
	}
	tree, err := parseCheckpoint(opened.Text, strings.Split(task.VKey, "+")[0])
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Size: tree.N, Root: tree.Hash[:]}
	if tree.N == 0 { // in x/mod 0.7, tlog.TreeHash(0) is all zeroes, not RFC 6962's SHA-256 of nothing
		if tree.Hash != sha256.Sum256(nil) {
			return Answer{}, errors.New("not the root of the empty tree")
		}
		return answer, nil
	}
	if task.Leaves != nil {
		return answer, eachEntry(task.Folder, tree, task.Leaves, func(int64, []byte) error { return nil })
	}
	all := make([]int64, tree.N)
	for i := range all {
		all[i] = int64(i)
	}
	stored := make([]tlog.Hash, 0, 2*tree.N)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	err = eachEntry(task.Folder, tree, all, func(index int64, entry []byte) error {
		added, err := tlog.StoredHashes(index, entry, reader)
		stored = append(stored, added...)
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	for _, size := range append(task.Sizes, tree.N) {
		root, err := tlog.TreeHash(size, reader)
		if err != nil {
			return Answer{}, err
		}
		answer.Roots = append(answer.Roots, append([]byte{}, root[:]...))
	}
	if string(answer.Roots[len(task.Sizes)]) != string(tree.Hash[:]) {
		return Answer{}, errors.New("the entries give another root than the checkpoint's")
	}
	answer.Roots = answer.Roots[:len(task.Sizes)]
	return answer, nil
}

// parseCheckpoint reads origin, size and root (C2SP tlog-checkpoint); tlog.ParseTree reads only the checksum database's.
func parseCheckpoint(text, origin string) (tree tlog.Tree, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tree, errors.New("not a checkpoint of this log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return tree, err
	}
	tree.Hash, err = hash(root)
	return tree, err
}

// tiles reads from a folder in the form of C2SP tlog-tiles.
type tiles string

func (folder tiles) Height() int                     { return height }
func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(string(folder), path(tile)))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

// path is x/mod's path without the height, and "entries" for its "data": tile/8/0/x001/234 here is tile/0/x001/234.
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), "tile/8/")
	if tile.L < 0 {
		rest = "entries" + strings.TrimPrefix(rest, "data")
	}
	return "tile/" + rest
}

// eachEntry visits these leaves (ascending), each after its entry was found to have the hash in the authenticated tile.
func eachEntry(folder string, tree tlog.Tree, leaves []int64, visit func(int64, []byte) error) error {
	indexes := make([]int64, len(leaves))
	for i, leaf := range leaves {
		indexes[i] = tlog.StoredHashIndex(0, leaf)
	}
	wanted, err := tlog.TileHashReader(tree, tiles(folder)).ReadHashes(indexes)
	if err != nil {
		return err
	}
	bundle, number := [][]byte(nil), int64(-1)
	for i, leaf := range leaves {
		if leaf/width != number {
			number = leaf / width
			if bundle, err = readBundle(folder, tree.N, number); err != nil {
				return err
			}
		}
		entry := bundle[leaf%width]
		if tlog.RecordHash(entry) != wanted[i] {
			return fmt.Errorf("entry %d is not the one in the tree", leaf)
		}
		if err := visit(leaf, entry); err != nil {
			return err
		}
	}
	return nil
}

// readBundle splits a bundle (uint16 length, bytes); it must hold exactly the entries that the size calls for.
func readBundle(folder string, size, number int64) ([][]byte, error) {
	count := size - number*width
	if count > width {
		count = width
	}
	name := path(tlog.Tile{H: height, L: -1, N: number, W: int(count)})
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s ends inside an entry", name)
		}
		length := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if int64(len(entries)) != count {
		return nil, fmt.Errorf("%s has %d entries, not %d", name, len(entries), count)
	}
	return entries, nil
}
