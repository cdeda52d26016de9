// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Descent, PairLeaf, SumNode} from "../src/lib/Types.sol";
import {SettlementProofs} from "../src/lib/SettlementProofs.sol";
import {Auditor} from "./base/Auditor.sol";

/// @notice The property of wire.md section 6 for settlement trees: whatever one change is made to a pair leaf, a parent
/// leaf, a sum or a count, an auditor wins a challenge; and it wins none where nothing was changed.
contract SettlementFuzzTest is Auditor {
    uint256 internal constant KINDS = 16;
    address[] internal crawlers;
    uint256[] internal ids;
    uint256 private _state;

    function setUp() public override {
        super.setUp();
        vm.prank(publisher);
        uint256 idC = license.mint("https://c.example/terms", other, recovery);
        ids = [idA, idB, idC];
        crawlers = [crawler.addr, crawlerB.addr, makeAddress("crawlerC"), makeAddress("crawlerD")];
        for (uint256 i = 2; i < 4; ++i) {
            deposit(crawlers[i], 500_000);
        }
    }

    /// forge-config: default.fuzz.runs = 128
    /// forge-config: full.fuzz.runs = 1024
    function testFuzz_anyOneChange_shouldBeDefeated(uint256 seed) public {
        Published memory p = _honest(seed);
        bytes32 before = _digest(p);
        uint256 kind = _random(KINDS);
        if (kind < 8) _changePairs(p, kind);
        else _changeTree(_random(2) == 0 ? p.credit : p.debit, kind);
        // Trees without pairs have no count or sum that could be wrong: the ledger takes none.
        if (kind < 14 ? _digest(p) == before : p.credit.parents.length == 0) return;
        if (!_post(p, kind)) return;
        // Names the kind that got through.
        assertEq(defeat(p) ? KINDS : kind, KINDS);
        (uint64 lastPosted,,) = ledger.head();
        assertEq(lastPosted, p.target.header.epoch - 1);
    }

    /// forge-config: default.fuzz.runs = 32
    /// forge-config: full.fuzz.runs = 256
    function testFuzz_honestHeader_shouldNeverBeDefeated(uint256 seed) public {
        Published memory p = _honest(seed);
        assertTrue(_post(p, 0));
        assertFalse(defeat(p));
        skip(WINDOW);
        ledger.finalise(p.target);
    }

    /// @dev Any node of a tree of any size.
    function testFuzz_anyNodesSum_shouldBeFoundOnTheWayDown(uint256 seed, uint256 size, uint256 at, uint128 delta)
        public
        view
    {
        SumNode[] memory nodes = _nodes(seed, bound(size, 1, 40));
        at = bound(at, 0, nodes.length - 1);
        _honestWay(nodes, at);
        _lyingWay(nodes, at, seed % 7, uint128(bound(delta, 1, type(uint64).max)));
    }

    function _lyingWay(SumNode[] memory nodes, uint256 at, uint256 splits, uint128 delta) private view {
        (uint256 from, uint256 to, uint256 depth) = _someNode(nodes.length, at, splits);
        SumNode memory root = lyingNode(nodes, 0, nodes.length, from, to, delta);
        Descent memory way = descentThrough(nodes, at, depth + 1, from, to, delta);
        SettlementProofs.End memory end = this.descend(root, uint64(nodes.length), way);
        assertTrue(end.matches);
        // A leaf's node is given away by the leaf, any other by its children.
        if (to - from == 1) assertEq(end.node.sum, nodes[at].sum + delta);
        else assertTrue(end.wrong);
    }

    function _honestWay(SumNode[] memory nodes, uint256 at) private view {
        SumNode memory root = lyingNode(nodes, 0, nodes.length, 0, 0, 0);
        SettlementProofs.End memory end = this.descend(root, uint64(nodes.length), descent(nodes, at, ALL));
        assertTrue(end.matches && !end.wrong && end.size == 1);
        assertEq(end.node.hash, nodes[at].hash);
        assertEq(end.node.sum, nodes[at].sum);
    }

    function _nodes(uint256 seed, uint256 size) private pure returns (SumNode[] memory nodes) {
        nodes = new SumNode[](size);
        for (uint256 i = 0; i < size; ++i) {
            nodes[i] = SumNode(keccak256(abi.encode(seed, i)), uint64(uint256(keccak256(abi.encode(seed, i, "sum")))));
        }
    }

    /// @dev Some leaf of a tree shows that its count is wrong.
    function testFuzz_anyWrongCount_shouldBeFoundOnTheWayDown(uint256 seed, uint256 size, uint256 count) public view {
        size = bound(size, 1, 33);
        count = bound(count, 1, 70);
        SumNode[] memory nodes = _nodes(seed, size);
        SumNode memory root = lyingNode(nodes, 0, size, 0, 0, 0);
        bool found = false;
        for (uint256 i = 0; i < size; ++i) {
            SettlementProofs.End memory end = this.descend(root, uint64(count), descent(nodes, i, ALL));
            found = found || end.wrong || end.size != 1;
        }
        assertTrue(found == (count != size));
    }

    function descend(SumNode memory root, uint64 count, Descent calldata way)
        external
        pure
        returns (SettlementProofs.End memory)
    {
        return SettlementProofs.descend(root, count, way);
    }

    // ---- a random system

    function _honest(uint256 seed) private returns (Published memory p) {
        _state = seed;
        uint256 count = 1 + _random(6);
        _use(count);
        if (_random(2) == 0) {
            p.hasPredecessor = true;
            (p.oldCredit, p.oldDebit) = (side(false), side(true));
            p.predecessor = _random(2) == 0 ? postNext() : finaliseNext();
            _use(_random(6));
        }
        skip(1);
        (p.credit, p.debit) = (side(false), side(true));
    }

    function _use(uint256 count) private {
        for (uint256 i = 0; i < count; ++i) {
            address who = crawlers[_random(crawlers.length)];
            uint256 licenseId = ids[_random(ids.length)];
            if (_random(5) == 0) useDirect(who, licenseId);
            else use(who, licenseId, uint64(1 + _random(9)), uint128(1 + _random(999)));
        }
    }

    /// @dev False if the ledger does not take the header at all: what is billed in total never shrinks.
    function _post(Published memory p, uint256 kind) private returns (bool) {
        p.target = nextEpoch();
        put(p.target, p.credit);
        put(p.target, p.debit);
        if (kind == 14) p.target.body.totalCredit += uint128(1 + _random(9));
        if (kind == 15) {
            if (_random(2) == 0) p.target.body.licenseCount += uint64(1 + _random(9));
            else p.target.body.crawlerCount += uint64(1 + _random(9));
        }
        p.target.body.totalDebit = p.target.body.totalCredit;
        seal(p.target);
        if (p.hasPredecessor && p.target.body.totalCredit < p.predecessor.body.totalCredit) {
            bytes memory signatures = quorum(p.target.header, 3);
            vm.expectRevert();
            ledger.post(p.target.header, p.target.body, 3, signatures);
            return false;
        }
        post(p.target);
        return true;
    }

    /// @dev A change to the pairs, in both trees as if it were true.
    function _changePairs(Published memory p, uint256 kind) private {
        PairLeaf[] memory all = pairs();
        if (all.length == 0) return;
        uint256 at = _random(all.length);
        PairLeaf memory pair = all[at];
        uint128 delta = uint128(1 + _random(pair.cumulative));
        if (kind == 0) {
            pair.cumulative = _random(2) == 0 ? pair.cumulative + delta : pair.cumulative - delta;
        } else if (kind == 1) {
            pair.lastPairSeq = uint64(_random(4));
        } else if (kind == 2) {
            pair.lastLogIndex = uint64(_random(lines.length + 2));
        } else if (kind == 3) {
            pair.voucherHash = keccak256("other");
        } else if (kind == 4) {
            pair.crawler = _random(2) == 0 ? crawlers[_random(4)] : address(uint160(_random(9)));
        } else if (kind == 5) {
            pair.licenseId = _random(2) == 0 ? ids[_random(3)] : _random(1_000);
        } else if (kind == 6) {
            all = _without(all, at);
        } else {
            all = _with(all, PairLeaf(crawlers[_random(4)], ids[_random(3)], delta, 1, uint64(at), pair.voucherHash));
        }
        (p.credit, p.debit) = (sideOf(all, false), sideOf(all, true));
    }

    /// @dev A change to one tree.
    function _changeTree(Side memory s, uint256 kind) private {
        if (s.parents.length == 0) return;
        uint256 i = _random(s.parents.length);
        uint256 j = _random(s.pairs[i].length);
        if (kind == 8) {
            s.pairs[i][j].cumulative += uint128(_random(3));
            s.pairs[i][j].lastPairSeq += uint64(_random(2));
            sum(s, i);
        } else if (kind == 9) {
            s.parents[i].cumulative += uint128(1 + _random(9));
        } else if (kind == 10) {
            s.parents[i].pairCount = uint64(_random(9));
        } else if (kind == 11) {
            s.parents[i].key = _random(2) == 0 ? s.parents[_random(s.parents.length)].key : _random(1_000);
        } else if (kind == 12) {
            uint256 k = _random(s.pairs[i].length);
            (s.pairs[i][j], s.pairs[i][k]) = (s.pairs[i][k], s.pairs[i][j]);
            sum(s, i);
        } else if (kind == 13) {
            uint256 k = _random(s.parents.length);
            (s.parents[i].pairRoot, s.pairs[i]) = (s.parents[k].pairRoot, s.pairs[k]);
        }
    }

    function _digest(Published memory p) private pure returns (bytes32) {
        return keccak256(abi.encode(p.credit, p.debit));
    }

    function _without(PairLeaf[] memory all, uint256 at) private pure returns (PairLeaf[] memory less) {
        less = new PairLeaf[](all.length - 1);
        for (uint256 i = 0; i < less.length; ++i) {
            less[i] = all[i < at ? i : i + 1];
        }
    }

    function _with(PairLeaf[] memory all, PairLeaf memory leaf) private pure returns (PairLeaf[] memory more) {
        more = new PairLeaf[](all.length + 1);
        for (uint256 i = 0; i < all.length; ++i) {
            more[i] = all[i];
        }
        more[all.length] = leaf;
    }

    /// @dev A node on the way to a leaf, so many splits down if there are so many.
    function _someNode(uint256 size, uint256 at, uint256 splits)
        private
        pure
        returns (uint256 low, uint256 high, uint256 depth)
    {
        high = size;
        while (high - low > 1 && depth < splits) {
            uint256 k = 1;
            while (k * 2 < high - low) k *= 2;
            if (at < low + k) high = low + k;
            else low += k;
            ++depth;
        }
    }

    function _random(uint256 below) private returns (uint256) {
        _state = uint256(keccak256(abi.encode(_state)));
        return _state % below;
    }
}
