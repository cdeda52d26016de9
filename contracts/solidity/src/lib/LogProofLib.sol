// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Inclusion proofs of the usage log
/// @notice RFC 9162 section 2.1.3.2 over keccak-256: a proof binds the leaf to its index and the tree's size.
library LogProofLib {
    /// @notice Root of a log without lines: keccak256("").
    bytes32 internal constant EMPTY_ROOT = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;

    /// @notice Tells whether `leafHash` stands at `index` in the tree of `size` leaves with root `root`.
    function verify(bytes32 root, uint64 size, bytes32 leafHash, uint64 index, bytes32[] calldata path)
        internal
        pure
        returns (bool)
    {
        if (index >= size) return false;
        uint256 fn = index;
        uint256 sn = size - 1;
        bytes32 hash = leafHash;
        for (uint256 i = 0; i < path.length; ++i) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                hash = node(path[i], hash);
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = node(hash, path[i]);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash == root;
    }

    /// @notice Inner node of the log's tree.
    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(0x01), left, right));
    }
}
