// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Descent, PairGap, PairLeaf, PairProof, SumNode} from "../../src/lib/Types.sol";
import {Trees} from "../base/Trees.sol";
import {MutationTest} from "./MutationTest.sol";

/// @notice One change to a pair leaf, a parent leaf, a node, a sum, an order or a count of an honest epoch's settlement
/// trees: an auditor who has the published nodes wins a challenge.
/// forge-config: default.fuzz.runs = 10
/// forge-config: full.fuzz.runs = 250
contract SettlementMutationTest is MutationTest {
    // ---- a change to the pairs, in both trees as if it were true

    function testFuzz_pairCumulative(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        PairLeaf memory pair = all[random(all.length)];
        uint128 delta = uint128(1 + random(pair.cumulative));
        pair.cumulative = coin() ? pair.cumulative + delta : pair.cumulative - delta;
        _defeatPairs(p, all);
    }

    function testFuzz_pairLastSeq(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        PairLeaf memory pair = all[random(all.length)];
        pair.lastPairSeq = uint64(another(pair.lastPairSeq, type(uint64).max));
        _defeatPairs(p, all);
    }

    function testFuzz_pairLastIndex(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        PairLeaf memory pair = all[random(all.length)];
        uint64 old = pair.lastLogIndex;
        pair.lastLogIndex = coin() ? uint64(random(lines.length)) : uint64(another(old, type(uint64).max));
        if (pair.lastLogIndex == old) pair.lastLogIndex = old + 1;
        _defeatPairs(p, all);
    }

    function testFuzz_pairVoucher(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        PairLeaf memory pair = all[random(all.length)];
        pair.voucherHash = bytes32(another(uint256(pair.voucherHash), type(uint256).max));
        _defeatPairs(p, all);
    }

    function testFuzz_pairCrawler(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        PairLeaf memory pair = all[random(all.length)];
        address old = pair.crawler;
        pair.crawler = coin() ? crawlers[random(4)] : address(uint160(another(uint160(old), type(uint160).max)));
        if (pair.crawler == old) pair.crawler = address(uint160(old) ^ 1);
        _defeatPairs(p, all);
    }

    function testFuzz_pairLicense(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        PairLeaf memory pair = all[random(all.length)];
        pair.licenseId = another(pair.licenseId, coin() ? 5 : type(uint256).max);
        _defeatPairs(p, all);
    }

    function testFuzz_pairDropped(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        _defeatPairs(p, _cut(all, random(all.length)));
    }

    function testFuzz_pairAdded(uint256 value) public {
        Published memory p = honest(value);
        PairLeaf[] memory all = pairs();
        PairLeaf[] memory more = new PairLeaf[](all.length + 1);
        for (uint256 i = 0; i < all.length; ++i) {
            more[i] = all[i];
        }
        PairLeaf memory model = all[random(all.length)];
        more[all.length] = PairLeaf(
            coin() ? crawlers[random(4)] : makeAddress("nobody"),
            ids[random(3)],
            uint128(1 + random(999)),
            uint64(1 + random(3)),
            coin() ? model.lastLogIndex : uint64(random(lines.length)),
            model.voucherHash
        );
        _defeatPairs(p, more);
    }

    function _defeatPairs(Published memory p, PairLeaf[] memory all) private {
        (p.credit, p.debit) = (sideOf(all, false), sideOf(all, true));
        _defeat(p);
    }

    // ---- a change to one tree

    function testFuzz_pairInOneTree(uint256 value) public {
        Published memory p = honest(value);
        Side memory s = coin() ? p.credit : p.debit;
        uint256 i = random(s.parents.length);
        PairLeaf memory pair = s.pairs[i][random(s.pairs[i].length)];
        uint256 way = random(4);
        if (way == 0) pair.cumulative = uint128(another(pair.cumulative, 9_999));
        else if (way == 1) pair.lastPairSeq = uint64(another(pair.lastPairSeq, 99));
        else if (way == 2) pair.lastLogIndex = uint64(another(pair.lastLogIndex, 99));
        else pair.voucherHash = bytes32(another(uint256(pair.voucherHash), type(uint256).max));
        sum(s, i);
        _defeat(p);
    }

    function testFuzz_parentCumulative(uint256 value) public {
        Published memory p = honest(value);
        Side memory s = coin() ? p.credit : p.debit;
        uint256 i = random(s.parents.length);
        s.parents[i].cumulative = uint128(another(s.parents[i].cumulative, 99_999));
        _defeat(p);
    }

    function testFuzz_parentCount(uint256 value) public {
        Published memory p = honest(value);
        Side memory s = coin() ? p.credit : p.debit;
        uint256 i = random(s.parents.length);
        s.parents[i].pairCount = uint64(another(s.parents[i].pairCount, type(uint64).max));
        _defeat(p);
    }

    function testFuzz_parentKey(uint256 value) public {
        Published memory p = honest(value);
        Side memory s = coin() ? p.credit : p.debit;
        uint256 i = random(s.parents.length);
        uint256 old = s.parents[i].key;
        s.parents[i].key = coin() ? s.parents[random(s.parents.length)].key : another(old, type(uint160).max);
        if (s.parents[i].key == old) s.parents[i].key = old ^ 1;
        _defeat(p);
    }

    /// @dev Two parents change places, or a pair stands under its parent twice.
    function testFuzz_order(uint256 value) public {
        Published memory p = honest(value);
        Side memory s = coin() ? p.credit : p.debit;
        if (coin() && s.parents.length > 1) {
            uint256 k = random(s.parents.length - 1);
            (s.parents[k], s.parents[k + 1]) = (s.parents[k + 1], s.parents[k]);
            (s.pairs[k], s.pairs[k + 1]) = (s.pairs[k + 1], s.pairs[k]);
        } else {
            uint256 i = random(s.parents.length);
            uint256 count = s.pairs[i].length;
            PairLeaf[] memory list = new PairLeaf[](count + 1);
            for (uint256 k = 0; k < count; ++k) {
                list[k] = s.pairs[i][k];
            }
            list[count] = list[random(count)];
            s.pairs[i] = list;
            sum(s, i);
        }
        _defeat(p);
    }

    function testFuzz_anothersPairs(uint256 value) public {
        Published memory p = honest(value);
        use(crawlers[0], ids[0], 1, 1);
        use(crawlers[1], ids[1], 1, 2);
        (p.credit, p.debit) = (side(false), side(true));
        Side memory s = coin() ? p.credit : p.debit;
        uint256 i = random(s.parents.length);
        uint256 k = (i + 1 + random(s.parents.length - 1)) % s.parents.length;
        s.pairs[i] = s.pairs[k];
        sum(s, i);
        _defeat(p);
    }

    function testFuzz_total(uint256 value) public {
        Published memory p = honest(value);
        prepare(p);
        p.target.body.totalCredit += uint128(1 + random(999));
        p.target.body.totalDebit = p.target.body.totalCredit;
        _judge(p);
    }

    function testFuzz_parentsCount(uint256 value) public {
        Published memory p = honest(value);
        prepare(p);
        if (coin()) p.target.body.licenseCount = uint64(another(p.target.body.licenseCount, type(uint64).max));
        else p.target.body.crawlerCount = uint64(another(p.target.body.crawlerCount, type(uint64).max));
        _judge(p);
    }

    // ---- a node that lies about its sum, on either level of either tree

    /// @dev A node over the leaves [from, to), one of which is `at`, whose sum is larger than it should be.
    struct Lie {
        uint256 at;
        uint256 from;
        uint256 to;
        uint128 delta;
    }

    function testFuzz_parentNodeSum(uint256 value) public {
        Published memory p = honest(value);
        Side memory s = coin() ? p.credit : p.debit;
        SumNode[] memory nodes = parentNodes(s);
        Lie memory lie = _someLie(nodes.length);
        SumNode memory root = lyingNode(nodes, 0, nodes.length, lie.from, lie.to, lie.delta);
        prepare(p);
        if (s.debit) p.target.body.debitRoot = root.hash;
        else p.target.body.creditRoot = root.hash;
        (p.target.body.totalCredit, p.target.body.totalDebit) = (root.sum, root.sum);
        assertTrue(tryPost(p.target));
        Descent memory pairWay = descent(pairNodes(s.pairs[lie.at]), 0, ALL);
        assertDefeated(p, _challengeSum(p, s, _lyingWay(nodes, lie), lie.at, pairWay, 0));
    }

    function testFuzz_pairNodeSum(uint256 value) public {
        Published memory p = honest(value);
        Side memory s = coin() ? p.credit : p.debit;
        uint256 i = random(s.parents.length);
        SumNode[] memory nodes = pairNodes(s.pairs[i]);
        Lie memory lie = _someLie(nodes.length);
        SumNode memory root = lyingNode(nodes, 0, nodes.length, lie.from, lie.to, lie.delta);
        (s.parents[i].pairRoot, s.parents[i].cumulative) = (root.hash, root.sum);
        prepare(p);
        uint128 total = Trees.sumRoot(parentNodes(s)).sum;
        (p.target.body.totalCredit, p.target.body.totalDebit) = (total, total);
        assertTrue(tryPost(p.target));
        Descent memory way = descent(parentNodes(s), i, ALL);
        assertDefeated(p, _challengeSum(p, s, way, i, _lyingWay(nodes, lie), lie.at));
    }

    function _lyingWay(SumNode[] memory nodes, Lie memory lie) private pure returns (Descent memory) {
        return descentThrough(nodes, lie.at, ALL, lie.from, lie.to, lie.delta);
    }

    function _challengeSum(
        Published memory p,
        Side memory s,
        Descent memory way,
        uint256 i,
        Descent memory pairWay,
        uint256 j
    ) private returns (bool) {
        return attack(
            abi.encodeCall(treeJudge.challengeSum, (p.target, s.debit, way, s.parents[i], pairWay, s.pairs[i][j]))
        );
    }

    // ---- C7 alone: a pair shrinks or goes while another grows, so that the total does not

    function testFuzz_decrease(uint256 value) public {
        Published memory p;
        seed(value);
        consume(1 + random(4));
        use(crawlers[0], ids[0], 2, 100);
        use(crawlers[1], ids[1], 3, 100);
        withPredecessor(p);
        PairLeaf[] memory all = pairs();
        uint256 at = random(all.length);
        uint256 gains = (at + 1 + random(all.length - 1)) % all.length;
        bool gone = coin();
        uint128 delta = gone ? all[at].cumulative : uint128(1 + random(all[at].cumulative));
        PairLeaf memory shrunk = abi.decode(abi.encode(all[at]), (PairLeaf));
        all[at].cumulative -= delta;
        all[gains].cumulative += delta;
        if (all[at].cumulative == 0) all = _cut(all, at);
        (p.credit, p.debit) = (sideOf(all, false), sideOf(all, true));
        prepare(p);
        assertTrue(tryPost(p.target));
        bool debit = coin();
        assertDefeated(p, _challengeDecrease(p, debit ? p.oldDebit : p.oldCredit, debit ? p.debit : p.credit, shrunk));
    }

    function _challengeDecrease(Published memory p, Side memory older, Side memory newer, PairLeaf memory pair)
        private
        returns (bool)
    {
        (, uint256 i, uint256 j) = find(older, pair.crawler, pair.licenseId);
        PairProof memory before = pairProof(older, i, j);
        (PairProof memory later, PairGap memory gap) = nowOf(newer, pair.crawler, pair.licenseId);
        return attack(
            abi.encodeCall(
                treeJudge.challengeDecrease, (p.target, p.predecessor, older.debit, before, later, gap, false)
            )
        );
    }

    function _cut(PairLeaf[] memory all, uint256 at) private pure returns (PairLeaf[] memory less) {
        less = new PairLeaf[](all.length - 1);
        for (uint256 i = 0; i < less.length; ++i) {
            less[i] = all[i < at ? i : i + 1];
        }
    }

    // ---- helpers

    function _defeat(Published memory p) private {
        prepare(p);
        _judge(p);
    }

    /// @dev Not taken at all, or voided.
    function _judge(Published memory p) private {
        (uint64 before,,) = ledger.head();
        if (tryPost(p.target)) assertDefeated(p, defeat(p));
        (uint64 lastPosted,,) = ledger.head();
        assertEq(lastPosted, before);
    }

    function _someLie(uint256 size) private returns (Lie memory lie) {
        (lie.at, lie.to, lie.delta) = (random(size), size, uint128(1 + random(999)));
        for (uint256 splits = random(5); lie.to - lie.from > 1 && splits > 0; --splits) {
            uint256 middle = 1;
            while (middle * 2 < lie.to - lie.from) middle *= 2;
            middle += lie.from;
            if (lie.at < middle) lie.to = middle;
            else lie.from = middle;
        }
    }
}
