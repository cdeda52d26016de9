// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Committed, LogProof, PairGap, PairProof, ParentProof, UsageAttestation} from "../../src/lib/Types.sol";
import {Wire} from "../../src/lib/Wire.sol";
import {SettlementTest} from "./SettlementTest.sol";

/// @notice One who has the published settlement trees and the log, and tries every challenge that they give evidence
/// for. It compares nothing with what would be right: the ledger alone says whether a header is wrong.
abstract contract Auditor is SettlementTest {
    /// @dev The trees that a header was made from, and those of the header before it.
    struct Published {
        Committed target;
        Committed predecessor;
        Side credit;
        Side debit;
        Side oldCredit;
        Side oldDebit;
        bool hasPredecessor;
    }

    /// @dev Tries until one is won. False if none is.
    function defeat(Published memory p) internal returns (bool) {
        return _tryTree(p, p.credit) || _tryTree(p, p.debit) || _tryPairs(p, p.credit, p.debit)
            || _tryPairs(p, p.debit, p.credit) || _tryLog(p) || _tryOverdraw(p)
            || (p.hasPredecessor && (_tryDecrease(p, p.oldCredit, p.credit) || _tryDecrease(p, p.oldDebit, p.debit)));
    }

    function _tryTree(Published memory p, Side memory s) private returns (bool) {
        for (uint256 i = 0; i < s.parents.length; ++i) {
            if (i + 1 < s.parents.length && _tryParents(p, s, i)) return true;
            for (uint256 j = 0; j < s.pairs[i].length; ++j) {
                if (_tryNode(p, s, i, j)) return true;
                if (j + 1 < s.pairs[i].length && _tryNeighbours(p, s, i, j)) return true;
            }
        }
        return false;
    }

    function _tryNode(Published memory p, Side memory s, uint256 i, uint256 j) private returns (bool) {
        return _won(
            abi.encodeCall(
                treeJudge.challengeSum,
                (
                    p.target,
                    s.debit,
                    descent(parentNodes(s), i, ALL),
                    s.parents[i],
                    descent(pairNodes(s.pairs[i]), j, ALL),
                    s.pairs[i][j]
                )
            )
        );
    }

    function _tryParents(Published memory p, Side memory s, uint256 i) private returns (bool) {
        ParentProof[] memory two = new ParentProof[](2);
        (two[0], two[1]) = (parentProof(s, i), nextParent(s, i + 1));
        return _won(abi.encodeCall(treeJudge.challengeOrder, (p.target, s.debit, two, new PairProof[](0))));
    }

    function _tryNeighbours(Published memory p, Side memory s, uint256 i, uint256 j) private returns (bool) {
        PairProof[] memory two = new PairProof[](2);
        (two[0], two[1]) = (pairProof(s, i, j), nextPair(s, i, j + 1));
        return _won(abi.encodeCall(treeJudge.challengeOrder, (p.target, s.debit, new ParentProof[](0), two)));
    }

    /// @dev Each pair against the log and against the other tree.
    function _tryPairs(Published memory p, Side memory s, Side memory another) private returns (bool) {
        for (uint256 i = 0; i < s.parents.length; ++i) {
            for (uint256 j = 0; j < s.pairs[i].length; ++j) {
                PairProof memory proof = pairProof(s, i, j);
                if (_tryLine(p, s, proof) || _tryOtherTree(p, s, proof, another)) return true;
            }
        }
        return false;
    }

    function _tryLine(Published memory p, Side memory s, PairProof memory proof) private returns (bool) {
        uint64 index = proof.pair.lastLogIndex;
        LogProof memory line = index < lines.length ? logProof(index) : noProof();
        if (_won(abi.encodeCall(treeJudge.challengePairLeaf, (p.target, s.debit, proof, line)))) return true;
        for (uint256 i = lines.length; i > 0; --i) {
            UsageAttestation memory a = lines[i - 1];
            bool last = a.rail == Wire.CREDIT && a.crawler == proof.pair.crawler && a.licenseId == proof.pair.licenseId;
            if (!last) continue;
            line = logProof(uint64(i - 1));
            return _won(abi.encodeCall(treeJudge.challengePairLeaf, (p.target, s.debit, proof, line)));
        }
        return false;
    }

    function _tryOtherTree(Published memory p, Side memory s, PairProof memory proof, Side memory another)
        private
        returns (bool)
    {
        (PairProof memory its, PairGap memory gap) = nowOf(another, proof.pair.crawler, proof.pair.licenseId);
        return _won(abi.encodeCall(treeJudge.challengeTrees, (p.target, s.debit, proof, its, gap)));
    }

    function _tryLog(Published memory p) private returns (bool) {
        for (uint64 i = 0; i < lines.length; ++i) {
            (bool found,,) = find(p.credit, lines[i].crawler, lines[i].licenseId);
            if (found) continue;
            bytes memory data = abi.encodeCall(
                treeJudge.challengeMissingPair,
                (p.target, logProof(i), gapOf(p.credit, lines[i].crawler, lines[i].licenseId))
            );
            if (_won(data)) return true;
        }
        return false;
    }

    function _tryOverdraw(Published memory p) private returns (bool) {
        for (uint256 i = 0; i < p.debit.parents.length; ++i) {
            if (_won(abi.encodeCall(treeJudge.challengeOverdraw, (p.target, parentProof(p.debit, i))))) return true;
        }
        return false;
    }

    function _tryDecrease(Published memory p, Side memory older, Side memory newer) private returns (bool) {
        for (uint256 i = 0; i < older.parents.length; ++i) {
            for (uint256 j = 0; j < older.pairs[i].length; ++j) {
                if (_tryPairDecrease(p, older, newer, i, j)) return true;
            }
        }
        return false;
    }

    function _tryPairDecrease(Published memory p, Side memory older, Side memory newer, uint256 i, uint256 j)
        private
        returns (bool)
    {
        PairProof memory before = pairProof(older, i, j);
        (PairProof memory later, PairGap memory gap) = nowOf(newer, before.pair.crawler, before.pair.licenseId);
        return _won(
            abi.encodeCall(
                treeJudge.challengeDecrease, (p.target, p.predecessor, older.debit, before, later, gap, false)
            )
        );
    }

    /// @dev The pair's proof in a tree, or that it is not there.
    function nowOf(Side memory s, address who, uint256 licenseId)
        internal
        pure
        returns (PairProof memory proof, PairGap memory gap)
    {
        (bool found, uint256 i, uint256 j) = find(s, who, licenseId);
        if (found) proof = pairProof(s, i, j);
        else gap = gapOf(s, who, licenseId);
    }

    function _won(bytes memory data) private returns (bool won) {
        (won,) = address(ledger).call(data);
    }
}
