// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SumNode} from "../../src/lib/Types.sol";
import {LogProofLib} from "../../src/lib/LogProofLib.sol";

/// @notice RFC 6962 trees written straight from the definition, to test the proof checkers against.
library Trees {
    function logRoot(bytes32[] memory leaves) internal pure returns (bytes32) {
        return leaves.length == 0 ? LogProofLib.EMPTY_ROOT : _logRoot(leaves, 0, leaves.length);
    }

    function logPath(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](_depth(index, leaves.length));
        uint256 from = 0;
        uint256 to = leaves.length;
        for (uint256 i = path.length; i > 0; --i) {
            uint256 k = _split(to - from);
            if (index < from + k) {
                path[i - 1] = _logRoot(leaves, from + k, to);
                to = from + k;
            } else {
                path[i - 1] = _logRoot(leaves, from, from + k);
                from += k;
            }
        }
    }

    function sumRoot(SumNode[] memory leaves) internal pure returns (SumNode memory) {
        return leaves.length == 0 ? SumNode(0, 0) : _sumRoot(leaves, 0, leaves.length);
    }

    function sumPath(SumNode[] memory leaves, uint256 index) internal pure returns (SumNode[] memory path) {
        path = new SumNode[](_depth(index, leaves.length));
        uint256 from = 0;
        uint256 to = leaves.length;
        for (uint256 i = path.length; i > 0; --i) {
            uint256 k = _split(to - from);
            if (index < from + k) {
                path[i - 1] = _sumRoot(leaves, from + k, to);
                to = from + k;
            } else {
                path[i - 1] = _sumRoot(leaves, from, from + k);
                from += k;
            }
        }
    }

    function _logRoot(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 k = _split(to - from);
        return LogProofLib.node(_logRoot(leaves, from, from + k), _logRoot(leaves, from + k, to));
    }

    function _sumRoot(SumNode[] memory leaves, uint256 from, uint256 to) private pure returns (SumNode memory) {
        if (to - from == 1) return leaves[from];
        uint256 k = _split(to - from);
        SumNode memory l = _sumRoot(leaves, from, from + k);
        SumNode memory r = _sumRoot(leaves, from + k, to);
        return SumNode(keccak256(abi.encodePacked(uint8(5), l.hash, l.sum, r.hash, r.sum)), l.sum + r.sum);
    }

    function _depth(uint256 index, uint256 size) private pure returns (uint256 depth) {
        while (size > 1) {
            uint256 k = _split(size);
            if (index < k) {
                size = k;
            } else {
                index -= k;
                size -= k;
            }
            ++depth;
        }
    }

    function _split(uint256 size) private pure returns (uint256 k) {
        k = 1;
        while (k * 2 < size) k *= 2;
    }
}
