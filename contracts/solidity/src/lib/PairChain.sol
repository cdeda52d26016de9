// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LogProof, UsageAttestation} from "./Types.sol";
import {Wire} from "./Wire.sol";

/// @title The rules of a log line and its pair chain
/// @notice What challenge C4 of wire.md section 6 judges. Proofs are checked by the caller.
library PairChain {
    /// @notice Whether the line is wrong without a look at any other line.
    function wrongAlone(LogProof calldata proof) internal pure returns (bool) {
        UsageAttestation calldata leaf = proof.leaf;
        if (leaf.logIndex != proof.index) return true;
        if (leaf.rail == Wire.DIRECT) return false;
        if (leaf.rail != Wire.CREDIT || leaf.pairSeq == 0) return true;
        if (leaf.pairSeq == 1) return leaf.pairPrevIndex != Wire.NONE || leaf.pairCumulative != amount(leaf);
        return leaf.pairPrevIndex >= proof.index;
    }

    /// @notice Whether the line has a predecessor that it can be compared with; only for lines not wrong alone.
    function hasPrevious(UsageAttestation calldata leaf) internal pure returns (bool) {
        return leaf.rail == Wire.CREDIT && leaf.pairSeq > 1;
    }

    /// @notice Whether the line does not continue the one at its `pairPrevIndex`.
    function wrongAfter(UsageAttestation calldata leaf, UsageAttestation calldata prev) internal pure returns (bool) {
        return prev.rail != Wire.CREDIT || prev.crawler != leaf.crawler || prev.licenseId != leaf.licenseId
            || uint256(prev.pairSeq) + 1 != leaf.pairSeq
            || uint256(prev.pairCumulative) + amount(leaf) != leaf.pairCumulative;
    }

    /// @notice What the line bills.
    function amount(UsageAttestation calldata leaf) internal pure returns (uint256) {
        return uint256(leaf.units) * leaf.unitPrice;
    }
}
