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
        (bytes32 hash, uint256 left) = _fold(leafHash, index, uint256(size) - 1, path);
        return left == 0 && hash == root;
    }

    /// @dev RFC 9162 section 2.1.3.2; `fn` and `sn` are its names.
    /// @return hash of the root. @return left 0 if the path is as long as it must be.
    function _fold(bytes32 leafHash, uint256 fn, uint256 sn, bytes32[] calldata path)
        private
        pure
        returns (bytes32 hash, uint256 left)
    {
        assembly ("memory-safe") {
            hash := leafHash
            // Free memory is used as scratch and not allocated. See `node` for the layout.
            let at := mload(0x40)
            mstore8(at, 0x01)
            let sibling := path.offset
            let end := add(sibling, shl(5, path.length))
            for {} lt(sibling, end) { sibling := add(sibling, 32) } {
                if iszero(sn) {
                    left := 1
                    break
                }
                switch or(and(fn, 1), eq(fn, sn))
                case 0 {
                    mstore(add(at, 1), hash)
                    mstore(add(at, 33), calldataload(sibling))
                }
                default {
                    mstore(add(at, 1), calldataload(sibling))
                    mstore(add(at, 33), hash)
                    for {} iszero(or(and(fn, 1), iszero(fn))) {} {
                        fn := shr(1, fn)
                        sn := shr(1, sn)
                    }
                }
                hash := keccak256(at, 65)
                fn := shr(1, fn)
                sn := shr(1, sn)
            }
            left := or(left, sn)
        }
    }

    /// @notice Inner node of the log's tree.
    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(0x01), left, right));
    }
}
