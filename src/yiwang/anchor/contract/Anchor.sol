// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Checkpoints of evidence logs, kept where their operator cannot take them back: append-only, growing sizes only,
/// written by one account. Whoever holds a checkpoint asks `rootAt` and compares.
contract Anchor {
    /// The account that may write; it is the one that deployed the contract.
    address public immutable owner;

    /// Size of the newest record of a log; a log is named by the SHA-256 of its origin.
    mapping(bytes32 => uint64) public latest;

    mapping(bytes32 => uint64[]) private sizes;
    mapping(bytes32 => mapping(uint64 => bytes32)) private roots;

    event Anchored(bytes32 indexed origin, uint64 indexed size, bytes32 root);

    error NotOwner();
    error NotAbove(uint64 newest);
    error NoRoot();

    constructor() {
        owner = msg.sender;
    }

    /// Record that the log had `size` entries under `root`. Never changes a record.
    function anchor(bytes32 origin, uint64 size, bytes32 root) external {
        if (msg.sender != owner) revert NotOwner();
        if (size <= latest[origin]) revert NotAbove(latest[origin]);
        if (root == bytes32(0)) revert NoRoot();
        latest[origin] = size;
        sizes[origin].push(size);
        roots[origin][size] = root;
        emit Anchored(origin, size, root);
    }

    /// The root that was recorded for a size; zero when none was.
    function rootAt(bytes32 origin, uint64 size) external view returns (bytes32) {
        return roots[origin][size];
    }

    /// How many records a log has.
    function count(bytes32 origin) external view returns (uint256) {
        return sizes[origin].length;
    }

    /// The size of a log's record by number, the oldest first.
    function sizeAt(bytes32 origin, uint256 number) external view returns (uint64) {
        return sizes[origin][number];
    }
}
