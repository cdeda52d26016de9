// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    Descent,
    LogProof,
    PairGap,
    PairLeaf,
    PairProof,
    ParentProof,
    SumNode,
    UsageAttestation
} from "../../src/lib/Types.sol";
import {Trees} from "../base/Trees.sol";
import {MutationTest} from "./MutationTest.sol";

/// @notice No correct header is ever defeated: every challenge, with all evidence that the log and the trees of an
/// honest epoch give, put together in every way, true pieces with wrong ones.
/// forge-config: default.fuzz.runs = 4
/// forge-config: full.fuzz.runs = 128
contract HonestEpochsTest is MutationTest {
    /// @dev How many challenges were tried in this run.
    uint256 public tried;

    /// @dev Down to a parent leaf, and from there to a pair.
    struct Ways {
        Descent way;
        Descent pairWay;
    }

    event Tried(uint256 challenges);

    function testFuzz_honestHeader_shouldNeverBeDefeated(uint256 value) public {
        Published memory p = _honest(value);
        // Calls of their own, so that their memory is given back.
        this.tryLog(p);
        this.tryPast(p);
        this.tryTree(p, p.credit, p.debit);
        this.tryTree(p, p.debit, p.credit);
        this.tryDecrease(p, p.oldCredit, p.credit);
        this.tryDecrease(p, p.oldDebit, p.debit);
        this.tryTwo(p);
        assertFalse(defeat(p));
        assertTrue(tried > 50);
        emit Tried(tried);
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, p.target.header.epoch);
        assertEq(generation, 1);
        assertEq(ledger.bond(), BOND);
        skip(WINDOW);
        ledger.finalise(p.target);
    }

    /// @dev A new crawler bills just what it has deposited.
    function _honest(uint256 value) private returns (Published memory p) {
        seed(value);
        consume(1 + random(4));
        if (coin()) withPredecessor(p);
        uint128 all = uint128(1 + random(999));
        address who = makeAddress("newcomer");
        deposit(who, all);
        use(who, ids[random(3)], 1, all);
        useDirect(crawlers[random(4)], ids[random(3)]);
        consume(random(3));
        skip(1);
        (p.credit, p.debit) = (side(false), side(true));
        keepPromises();
        prepare(p);
        assertTrue(tryPost(p.target));
    }

    // ---- C1, C3, C4: every line as every other

    function tryLog(Published calldata p) external {
        for (uint64 i = 0; i < lines.length; ++i) {
            for (uint64 j = 0; j < lines.length; ++j) {
                LogProof memory proof = logProof(j);
                _fails(
                    abi.encodeCall(
                        logJudge.challengePromise,
                        (p.target, lines[i], attest(lines[i]), logLeaf(proof.leaf), proof.path)
                    )
                );
                _fails(abi.encodeCall(logJudge.challengeDuplicate, (p.target, logProof(i), proof)));
                _fails(abi.encodeCall(logJudge.challengePairChain, (p.target, logProof(i), proof)));
                proof.leaf = lines[i];
                _fails(abi.encodeCall(logJudge.challengeDuplicate, (p.target, logProof(i), proof)));
                _fails(abi.encodeCall(logJudge.challengePairChain, (p.target, proof, logProof(j))));
            }
        }
    }

    // ---- C8

    function tryPast(Published calldata p) external {
        uint256 size = p.hasPredecessor ? p.predecessor.body.logSize : 0;
        bytes32[] memory older = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            older[i] = logLeaf(lines[i]);
        }
        for (uint64 i = 0; i < size; ++i) {
            for (uint64 j = 0; j < lines.length; ++j) {
                _fails(_rewrite(p, i, older, j));
                _fails(_rewrite(p, j, older, i));
            }
        }
    }

    function _rewrite(Published calldata p, uint64 index, bytes32[] memory older, uint64 newer)
        private
        view
        returns (bytes memory)
    {
        uint256 at = index < older.length ? index : 0;
        return abi.encodeCall(
            logJudge.challengeRewrite,
            (
                p.target,
                p.predecessor,
                index,
                older[at],
                Trees.logPath(older, at),
                logLeaf(lines[newer]),
                logProof(newer).path
            )
        );
    }

    // ---- C5, C6, C10: every pair with every line, every other pair and every gap

    function tryTree(Published calldata p, Side calldata s, Side calldata another_) external {
        for (uint256 i = 0; i < s.parents.length; ++i) {
            _fails(abi.encodeCall(treeJudge.challengeOverdraw, (p.target, parentProof(s, i))));
            for (uint256 k = 0; k < s.parents.length; ++k) {
                ParentProof[] memory two = new ParentProof[](2);
                (two[0], two[1]) = (parentProof(s, i), k == 0 ? parentProof(s, k) : nextParent(s, k));
                _fails(abi.encodeCall(treeJudge.challengeOrder, (p.target, s.debit, two, new PairProof[](0))));
            }
            for (uint256 j = 0; j < s.pairs[i].length; ++j) {
                _tryPair(p, s, another_, i, j);
            }
        }
    }

    function _tryPair(Published calldata p, Side memory s, Side memory another_, uint256 i, uint256 j) private {
        PairProof memory proof = pairProof(s, i, j);
        for (uint64 line = 0; line < lines.length; ++line) {
            LogProof memory log = logProof(line);
            _fails(abi.encodeCall(treeJudge.challengePairLeaf, (p.target, s.debit, proof, log)));
            _fails(
                abi.encodeCall(
                    treeJudge.challengeMissingPair, (p.target, log, gapOf(s, log.leaf.crawler, log.leaf.licenseId))
                )
            );
            _fails(
                abi.encodeCall(
                    treeJudge.challengeMissingPair, (p.target, log, gapOf(s, address(uint160(value_())), value_()))
                )
            );
        }
        for (uint256 k = 0; k < another_.parents.length; ++k) {
            for (uint256 l = 0; l < another_.pairs[k].length; ++l) {
                _tryTwoPairs(p, s, proof, another_, k, l);
            }
        }
        _trySums(p, s, i, j);
    }

    function _tryTwoPairs(
        Published calldata p,
        Side memory s,
        PairProof memory proof,
        Side memory another_,
        uint256 k,
        uint256 l
    ) private {
        PairLeaf memory its = another_.pairs[k][l];
        PairGap memory gap = gapOf(another_, its.crawler, its.licenseId);
        _fails(abi.encodeCall(treeJudge.challengeTrees, (p.target, s.debit, proof, pairProof(another_, k, l), noGap())));
        _fails(abi.encodeCall(treeJudge.challengeTrees, (p.target, s.debit, proof, noPair(), gap)));
        gap = gapOf(another_, address(uint160(value_())), value_());
        _fails(abi.encodeCall(treeJudge.challengeTrees, (p.target, s.debit, proof, noPair(), gap)));
        PairProof[] memory two = new PairProof[](2);
        (two[0], two[1]) = (proof, pairProof(another_, k, l));
        _fails(abi.encodeCall(treeJudge.challengeOrder, (p.target, s.debit, new ParentProof[](0), two)));
        if (l != 0) two[1] = nextPair(another_, k, l);
        _fails(abi.encodeCall(treeJudge.challengeOrder, (p.target, s.debit, new ParentProof[](0), two)));
    }

    /// @dev The true way down, one that ends too early on either level, and one with another leaf.
    function _trySums(Published calldata p, Side memory s, uint256 i, uint256 j) private {
        SumNode[] memory nodes = parentNodes(s);
        SumNode[] memory below = pairNodes(s.pairs[i]);
        Descent memory way = descent(nodes, i, ALL);
        Descent memory pairWay = descent(below, j, ALL);
        uint256 k = random(s.parents.length);
        _sum(p, s, Ways(way, pairWay), i, j);
        if (k != i) _sum(p, s, Ways(way, pairWay), k, 0);
        if (pairWay.splits.length != 0) {
            _sum(p, s, Ways(way, descent(below, j, pairWay.splits.length - 1)), i, j);
        }
        if (way.splits.length != 0) _sum(p, s, Ways(descent(nodes, i, way.splits.length - 1), pairWay), i, j);
    }

    function _sum(Published calldata p, Side memory s, Ways memory w, uint256 i, uint256 j) private {
        bytes memory data =
            abi.encodeCall(treeJudge.challengeSum, (p.target, s.debit, w.way, s.parents[i], w.pairWay, s.pairs[i][j]));
        _fails(data);
        data =
            abi.encodeCall(treeJudge.challengeSum, (p.target, !s.debit, w.way, s.parents[i], w.pairWay, s.pairs[i][j]));
        _fails(data);
    }

    // ---- C7: every pair of the one with every pair of the other

    function tryDecrease(Published calldata p, Side calldata older, Side calldata newer) external {
        if (!p.hasPredecessor) return;
        for (uint256 i = 0; i < older.parents.length; ++i) {
            for (uint256 j = 0; j < older.pairs[i].length; ++j) {
                PairProof memory before = pairProof(older, i, j);
                PairGap memory gap = gapOf(newer, before.pair.crawler, before.pair.licenseId);
                _decrease(p, older.debit, before, noPair(), gap);
                gap = gapOf(newer, address(uint160(value_())), value_());
                _decrease(p, older.debit, before, noPair(), gap);
                for (uint256 k = 0; k < newer.parents.length; ++k) {
                    for (uint256 l = 0; l < newer.pairs[k].length; ++l) {
                        _decrease(p, older.debit, before, pairProof(newer, k, l), gap);
                    }
                }
            }
        }
    }

    function _decrease(
        Published calldata p,
        bool debit,
        PairProof memory before,
        PairProof memory later,
        PairGap memory gap
    ) private {
        bytes memory data = abi.encodeCall(
            treeJudge.challengeDecrease, (p.target, p.predecessor, debit, before, later, gap, false)
        );
        _fails(data);
        data = abi.encodeCall(treeJudge.challengeDecrease, (p.target, p.predecessor, debit, before, later, gap, true));
        _fails(data);
        data = abi.encodeCall(treeJudge.challengeDecrease, (p.target, p.target, debit, later, before, gap, false));
        _fails(data);
    }

    // ---- C2: one thing twice, and things of different places

    function tryTwo(Published calldata p) external {
        for (uint256 i = 0; i < lines.length; ++i) {
            for (uint256 j = 0; j < lines.length; ++j) {
                (UsageAttestation memory a, UsageAttestation memory b) = (lines[i], lines[j]);
                _fails(abi.encodeCall(logJudge.challengeAttestations, (a, attest(a), b, attest(b))));
                // Another line at its index, but signed as what it is not.
                b.logIndex = a.logIndex;
                if (i != j) _fails(abi.encodeCall(logJudge.challengeAttestations, (a, attest(a), b, attest(a))));
            }
        }
        _fails(
            abi.encodeCall(
                logJudge.challengeHeaders,
                (p.target.header, 3, quorum(p.target.header, 3), p.target.header, 5, quorum(p.target.header, 5), 1)
            )
        );
        if (!p.hasPredecessor) return;
        _fails(
            abi.encodeCall(
                logJudge.challengeHeaders,
                (
                    p.target.header,
                    3,
                    quorum(p.target.header, 3),
                    p.predecessor.header,
                    5,
                    quorum(p.predecessor.header, 5),
                    1
                )
            )
        );
    }

    /// @dev A key that is near the ones there are.
    function value_() private returns (uint256) {
        return random(6);
    }

    function _fails(bytes memory data) private {
        ++tried;
        assertFalse(attack(data));
    }
}
