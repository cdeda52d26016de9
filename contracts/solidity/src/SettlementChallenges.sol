// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {
    Committed,
    Descent,
    LogProof,
    PairGap,
    PairLeaf,
    PairProof,
    ParentLeaf,
    ParentProof,
    SumNode,
    UsageAttestation
} from "./lib/Types.sol";
import {SettlementProofs} from "./lib/SettlementProofs.sol";
import {Wire} from "./lib/Wire.sol";
import {ChallengeBase} from "./ChallengeBase.sol";
import {LedgerState} from "./LedgerState.sol";

/// @title The metering ledger's challenges to its settlement trees
/// @notice Judges C5, C6, C7 and C10 of wire.md section 6: pair leaves against the log and against each other, sums,
/// shape and order of both trees, a header against its predecessor, and debits against deposits.
/// @dev Runs on the ledger's storage, as `LedgerChallenges` does. Knows no deployment: it checks no signature.
contract SettlementChallenges is ChallengeBase {
    uint8 private constant C5 = 5;
    uint8 private constant C6 = 6;
    uint8 private constant C7 = 7;
    uint8 private constant C10 = 10;

    /// @notice The escrow whose accounts debits are measured by.
    ICreditEscrow public immutable creditEscrow;

    constructor(IUsdc usdc_, ICreditEscrow creditEscrow_) Ownable(address(this)) LedgerState(0, 0, usdc_) {
        creditEscrow = creditEscrow_;
    }

    /// @notice C5a: a pair leaf that is not the log's last word about its pair.
    /// @param debit which tree the pair leaf stands in.
    /// @param line the line at `lastLogIndex`, or any line of the pair; not looked at if the log is too short for
    /// `lastLogIndex`.
    function challengePairLeaf(Committed calldata target, bool debit, PairProof calldata pair, LogProof calldata line)
        external
        nonReentrant
    {
        _checkTarget(target);
        _check(SettlementProofs.hasPair(SettlementProofs.treeOf(target.body, debit), pair));
        if (pair.pair.lastLogIndex < target.body.logSize) {
            _checkLine(target.body, line);
            if (!_contradicts(line, pair.pair)) revert NoLie();
        }
        _win(target, C5);
    }

    /// @notice C5b: a pair that the log bills is not in the credit tree.
    function challengeMissingPair(Committed calldata target, LogProof calldata line, PairGap calldata gap)
        external
        nonReentrant
    {
        _checkTarget(target);
        _checkLine(target.body, line);
        UsageAttestation calldata leaf = line.leaf;
        if (leaf.rail != Wire.CREDIT || leaf.pairCumulative == 0) revert NoLie();
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(target.body, false);
        _check(SettlementProofs.lacksPair(tree, leaf.crawler, leaf.licenseId, gap));
        _win(target, C5);
    }

    /// @notice C5c: a pair has different leaves in the two trees, or stands in one only.
    /// @param debit which tree `pair` stands in; `other` and `gap` are of the other one.
    /// @param other the pair's other leaf; if its cumulative is 0, `gap` is looked at instead.
    function challengeTrees(
        Committed calldata target,
        bool debit,
        PairProof calldata pair,
        PairProof calldata other,
        PairGap calldata gap
    ) external nonReentrant {
        _checkTarget(target);
        _check(SettlementProofs.hasPair(SettlementProofs.treeOf(target.body, debit), pair));
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(target.body, !debit);
        if (other.pair.cumulative == 0) {
            _check(SettlementProofs.lacksPair(tree, pair.pair.crawler, pair.pair.licenseId, gap));
        } else {
            _check(SettlementProofs.hasPair(tree, other));
            if (!_samePair(pair.pair, other.pair)) revert NoLie();
            if (Wire.leafNode(pair.pair).hash == Wire.leafNode(other.pair).hash) revert NoLie();
        }
        _win(target, C5);
    }

    /// @notice C6: something on the way down from a root is wrong in itself: a node whose children do not add up to its
    /// sum, a node where the tree's shape has a leaf or the other way round, a leaf whose cumulative is not its
    /// node's sum, a parent without pairs, a pair that bills nothing or stands under a parent that is not its own.
    /// @param way from the root of the credit or debit tree to the wrong node, or to a parent leaf.
    /// @param parent the leaf that `way` ends at; not looked at if something on the way is wrong.
    /// @param pairWay from the parent's pair root to the wrong node, or to a pair leaf.
    /// @param pair the leaf that `pairWay` ends at; not looked at if something before it is wrong.
    function challengeSum(
        Committed calldata target,
        bool debit,
        Descent calldata way,
        ParentLeaf calldata parent,
        Descent calldata pairWay,
        PairLeaf calldata pair
    ) external nonReentrant {
        _checkTarget(target);
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(target.body, debit);
        if (!_parentIsWrong(tree, way, parent) && !_pairIsWrong(debit, parent, pairWay, pair)) revert NoLie();
        _win(target, C6);
    }

    /// @notice C6: two adjacent leaves whose keys do not ascend.
    /// @param parents two adjacent parent leaves, or none.
    /// @param pairs two adjacent pairs of one parent, or none. Of a second one only the leaf is looked at, and a path that
    /// ends below the two leaves' common node.
    function challengeOrder(
        Committed calldata target,
        bool debit,
        ParentProof[] calldata parents,
        PairProof[] calldata pairs
    ) external nonReentrant {
        _checkTarget(target);
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(target.body, debit);
        _check(parents.length + pairs.length == 2);
        if (parents.length == 2) {
            _check(SettlementProofs.hasParent(tree, parents[0]));
            _check(SettlementProofs.isNextParent(tree, parents[0], parents[1]));
            if (parents[0].leaf.key < parents[1].leaf.key) revert NoLie();
        } else {
            _check(pairs.length == 2 && SettlementProofs.hasPair(tree, pairs[0]));
            _check(SettlementProofs.isNextPair(pairs[0], pairs[1]));
            uint256 first = SettlementProofs.sortKey(pairs[0].pair, debit);
            if (first < SettlementProofs.sortKey(pairs[1].pair, debit)) revert NoLie();
        }
        _win(target, C6);
    }

    /// @notice C7: a pair, or a licence or crawler as a whole, was billed more in the predecessor than in the target.
    /// @param older the pair in the predecessor's tree; only its parent is looked at if `wholeParent`.
    /// @param newer the same in the target's tree; if its cumulative is 0, `gap` is looked at instead.
    function challengeDecrease(
        Committed calldata target,
        Committed calldata predecessor,
        bool debit,
        PairProof calldata older,
        PairProof calldata newer,
        PairGap calldata gap,
        bool wholeParent
    ) external nonReentrant {
        _checkTarget(target);
        _checkPredecessor(target, predecessor);
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(predecessor.body, debit);
        _check(wholeParent ? SettlementProofs.hasParent(tree, older.parent) : SettlementProofs.hasPair(tree, older));
        tree = SettlementProofs.treeOf(target.body, debit);
        bool decreased = wholeParent
            ? _parentDecreased(tree, older.parent.leaf, newer.parent, gap)
            : _pairDecreased(tree, older.pair, newer, gap);
        if (!decreased) revert NoLie();
        _win(target, C7);
    }

    /// @notice C10: a crawler is billed more than its deposits less its withdrawals, as of the target's `closedAt`, or of
    /// the crawler's last withdrawal by an old header if that was later.
    function challengeOverdraw(Committed calldata target, ParentProof calldata crawler) external nonReentrant {
        _checkTarget(target);
        _check(SettlementProofs.hasParent(SettlementProofs.treeOf(target.body, true), crawler));
        address who = address(uint160(crawler.leaf.key));
        // By that time whoever bills a crawler knows that it may withdraw so at any moment.
        uint64 fallbackAt = creditEscrow.fallbackAt(who);
        uint64 at = fallbackAt > target.body.closedAt ? fallbackAt : target.body.closedAt;
        (uint128 deposited, uint128 withdrawn) = creditEscrow.accountAt(who, at);
        if (uint256(crawler.leaf.cumulative) + withdrawn <= deposited) revert NoLie();
        _win(target, C10);
    }

    /// @notice C10: a crawler is billed for what was thawing as of the target's `closedAt`, and the predecessor had closed
    /// when that could be billed no more. It may be withdrawn by the predecessor while the target is pending.
    /// @param older the crawler's leaf in the predecessor's debit tree; if its cumulative is 0, `gap` is looked at instead.
    function challengeThawed(
        Committed calldata target,
        Committed calldata predecessor,
        ParentProof calldata crawler,
        ParentProof calldata older,
        ParentProof[] calldata gap
    ) external nonReentrant {
        _checkTarget(target);
        _checkPredecessor(target, predecessor);
        uint256 key = crawler.leaf.key;
        _check(SettlementProofs.hasParent(SettlementProofs.treeOf(target.body, true), crawler));
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(predecessor.body, true);
        _check(
            older.leaf.cumulative == 0
                ? SettlementProofs.lacksParent(tree, key, gap)
                : older.leaf.key == key && SettlementProofs.hasParent(tree, older)
        );
        if (crawler.leaf.cumulative <= older.leaf.cumulative) revert NoLie();
        address who = address(uint160(key));
        (uint128 thawing, uint64 billableUntil) = creditEscrow.thawAt(who, target.body.closedAt);
        (uint128 deposited, uint128 withdrawn) = creditEscrow.accountAt(who, target.body.closedAt);
        bool tooLate = thawing != 0 && predecessor.body.closedAt > billableUntil;
        if (!tooLate || uint256(crawler.leaf.cumulative) + withdrawn + thawing <= deposited) revert NoLie();
        _win(target, C10);
    }

    // ---- internals

    function _check(bool proven) private pure {
        if (!proven) revert BadProof();
    }

    function _samePair(PairLeaf calldata a, PairLeaf calldata b) private pure returns (bool) {
        return a.crawler == b.crawler && a.licenseId == b.licenseId;
    }

    /// @dev The line is the pair's last one but says something else, or it comes after the pair's last one, or it is the
    /// last one by number but stands elsewhere. Two lines of one number that both are final are blamed no more.
    function _contradicts(LogProof calldata line, PairLeaf calldata pair) private view returns (bool) {
        UsageAttestation calldata leaf = line.leaf;
        bool ofPair = leaf.rail == Wire.CREDIT && leaf.crawler == pair.crawler && leaf.licenseId == pair.licenseId;
        if (line.index == pair.lastLogIndex) {
            return !ofPair || leaf.pairSeq != pair.lastPairSeq || leaf.pairCumulative != pair.cumulative
                || leaf.paymentRef != pair.voucherHash;
        }
        if (!ofPair || leaf.pairSeq < pair.lastPairSeq) return false;
        return leaf.pairSeq > pair.lastPairSeq || line.index > pair.lastLogIndex || pair.lastLogIndex >= _finalLogSize();
    }

    /// @dev False if the parent leaf and all above it are right.
    function _parentIsWrong(SettlementProofs.Tree memory tree, Descent calldata way, ParentLeaf calldata parent)
        private
        pure
        returns (bool)
    {
        SettlementProofs.End memory end = SettlementProofs.descend(tree.root, tree.count, way);
        _check(end.matches);
        if (end.wrong) return true;
        SumNode memory leaf = Wire.leafNode(parent, tree.debit);
        _check(leaf.hash == end.node.hash);
        return end.size != 1 || leaf.sum != end.node.sum || parent.pairCount == 0 || parent.pairRoot == 0;
    }

    /// @dev False if the pair leaf and all between it and its parent are right.
    function _pairIsWrong(bool debit, ParentLeaf calldata parent, Descent calldata way, PairLeaf calldata pair)
        private
        pure
        returns (bool)
    {
        SettlementProofs.End memory end =
            SettlementProofs.descend(SumNode(parent.pairRoot, parent.cumulative), parent.pairCount, way);
        _check(end.matches);
        if (end.wrong) return true;
        SumNode memory leaf = Wire.leafNode(pair);
        _check(leaf.hash == end.node.hash);
        return end.size != 1 || leaf.sum != end.node.sum || leaf.sum == 0
            || SettlementProofs.parentKey(pair, debit) != parent.key;
    }

    function _parentDecreased(
        SettlementProofs.Tree memory tree,
        ParentLeaf calldata older,
        ParentProof calldata newer,
        PairGap calldata gap
    ) private pure returns (bool) {
        if (newer.leaf.cumulative == 0) {
            _check(SettlementProofs.lacksParent(tree, older.key, gap.parents));
            return older.cumulative != 0;
        }
        _check(SettlementProofs.hasParent(tree, newer));
        return newer.leaf.key == older.key && newer.leaf.cumulative < older.cumulative;
    }

    function _pairDecreased(
        SettlementProofs.Tree memory tree,
        PairLeaf calldata older,
        PairProof calldata newer,
        PairGap calldata gap
    ) private pure returns (bool) {
        if (newer.pair.cumulative == 0) {
            _check(SettlementProofs.lacksPair(tree, older.crawler, older.licenseId, gap));
            return older.cumulative != 0;
        }
        _check(SettlementProofs.hasPair(tree, newer));
        return _samePair(older, newer.pair) && newer.pair.cumulative < older.cumulative;
    }
}
