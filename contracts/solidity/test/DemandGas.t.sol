// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {
    Committed,
    CrawlVoucher,
    CrawlerLeaf,
    CrawlerProof,
    EpochHeader,
    PairGap,
    PairLeaf,
    PairProof,
    ParentProof
} from "../src/lib/Types.sol";
import {DeepTest} from "./base/DeepTest.sol";

/// @notice What demands, answers and claims to a lost bond cost.
/// @dev The figures stand in snapshots/DemandGasTest.json.
contract DemandGasTest is DeepTest {
    CrawlVoucher private voucher;

    function setUp() public override {
        super.setUp();
        voucher = CrawlVoucher(crawler.addr, idA, 5_000, TERMS);
        lines[0].paymentRef = digestOf(voucher);
        lines[1].paymentRef = digestOf(voucher);
        lines[1].pairPrevIndex = 0;
    }

    function test_line() public {
        (Committed memory c,) = _posted(crawler.addr, 1_000, false);
        bytes memory signature = attest(lines[1]);
        _fund(crawler.addr);
        vm.prank(crawler.addr);
        demands.demandLine(c, lines[1], signature);
        _limit("demandLine");
        demands.answerLine(c, lines[1], _line(1).path);
        _limit("answerLine");
    }

    function test_reference() public {
        (Committed memory c, Deep memory d) = _posted(crawler.addr, 1_000, true);
        _fund(crawler.addr);
        vm.prank(crawler.addr);
        demands.demandReference(c, true, d.pair, noProof());
        _limit("demandReference: of a pair");
        demands.answerReference(c, _line(0));
        _limit("answerReference");
        (c,) = _posted(crawler.addr, 2_000, true);
        _fund(crawler.addr);
        vm.prank(crawler.addr);
        demands.demandReference(c, false, noPair(), _line(1));
        _limit("demandReference: of a line");
    }

    function test_voucher() public {
        (Committed memory c, Deep memory d) = _posted(crawler.addr, 1_000, false);
        bytes memory signature = sign(crawler, digestOf(voucher));
        _fund(publisher);
        vm.prank(publisher);
        demands.demandVoucher(c, false, d.pair, noProof());
        _limit("demandVoucher: of a pair");
        demands.answerVoucher(c, voucher, 1_000, signature);
        _limit("answerVoucher");
        _fund(publisher);
        vm.prank(publisher);
        demands.demandVoucher(c, false, noPair(), _line(1));
        _limit("demandVoucher: of a line");
        register(crawler, attestor, uint64(block.timestamp) + 10);
        signature = sign(attestor, digestOf(voucher));
        demands.answerVoucher(c, voucher, 2_000, signature);
        _limit("answerVoucher: by a registered signer");
    }

    function test_node() public {
        (Committed memory c, Deep memory d) = _posted(crawler.addr, 1_000, false);
        _fund(crawler.addr);
        vm.prank(crawler.addr);
        demands.demandNode(c, false, 0, 0);
        _limit("demandNode");
        demands.answerNode(c, false, d.pair);
        _limit("answerNode");
    }

    /// @dev Of the first of twelve pending headers, each of which has an open demand.
    function test_expire() public {
        (Committed memory c,) = _posted(crawler.addr, 1_000, false);
        bytes32 demandId = askNode(crawler.addr, c, false, 0, 0);
        for (uint128 i = 1; i < 12; ++i) {
            (Committed memory next,) = _posted(crawler.addr, 1_000 + i, false);
            if (i < 3) askNode(crawler.addr, next, false, 0, 0);
        }
        skip(DEMAND + 1);
        demands.expireDemand(c, demandId);
        _limit("expireDemand: of 12 pending headers");
    }

    /// @dev 2^20 licences of 2^10 crawlers.
    function test_harm() public {
        Deep memory older = _deepWith(_pair(crawler.addr, 1_000), _pair(other, 5), false, 10);
        Committed memory before = _post(older, older);
        Deep memory newer = _deepWith(_pair(crawler.addr, 2_000), _pair(other, 5), false, 10);
        Committed memory c = _post(newer, newer);
        _void(2);
        bonds.claimHarm(c, before, newer.pair, older.pair, noGap());
        _limit("claimHarm");
        skip(POT + 1);
        bonds.closePot(hashOf(c.header));
        _limit("closePot");
    }

    function test_harm_ofANewPair() public {
        Deep memory older = _deepWith(_pair(address(1), 1_000), _pair(address(type(uint160).max), 5), false, 10);
        Committed memory before = _post(older, older);
        Deep memory newer = _deepWith(_pair(crawler.addr, 2_000), _pair(other, 5), false, 10);
        Committed memory c = _post(newer, newer);
        _void(2);
        PairGap memory gap = PairGap(new PairProof[](2), new ParentProof[](0));
        (gap.pairs[0], gap.pairs[1]) = (older.pair, older.next);
        bonds.claimHarm(c, before, newer.pair, noPair(), gap);
        _limit("claimHarm: of a new pair");
    }

    function test_insurance() public {
        (Committed memory c,) = _posted(crawler.addr, 1_000, false);
        _void(1);
        skip(POT + 1);
        bonds.closePot(hashOf(c.header));
        addBond(900_000_000_000);
        Deep memory d = _deep(_pair(other, 1_000), _pair(crawler.addr, 5), true);
        c = _post(d, d);
        skip(WINDOW);
        ledger.finalise(c);
        CrawlerLeaf memory leaf =
            CrawlerLeaf(other, d.parent.leaf.cumulative, d.parent.leaf.pairCount, d.parent.leaf.pairRoot);
        bonds.coverOverdraw(CrawlerProof(leaf, d.parent.index, d.parent.path));
        _limit("coverOverdraw");
    }

    function test_owed() public {
        (Committed memory c, Deep memory d) = _posted(crawler.addr, 1_000, false);
        askNode(crawler.addr, c, false, 0, 0);
        blacklist(admin);
        demands.answerNode(c, false, d.pair);
        _limit("answerNode: the operator is refused");
        vm.prank(usdcOwner);
        token.unBlacklist(admin);
        bonds.sendOwed(admin);
        _limit("sendOwed");
    }

    // ---- helpers

    function _posted(address who, uint128 cumulative, bool debit) private returns (Committed memory c, Deep memory d) {
        PairLeaf memory pair = _pair(who, cumulative);
        pair.voucherHash = digestOf(voucher);
        d = _deep(pair, _pair(other, 5), debit);
        c = _post(d, d);
    }

    function _fund(address who) private {
        give(who, DEMAND_FEE);
        vm.prank(who);
        usdc.approve(address(ledger), DEMAND_FEE);
    }

    function _void(uint64 epoch) private {
        EpochHeader memory a = EpochHeader(epoch, 1, 0, ledger.configDigest(), 0);
        EpochHeader memory b = EpochHeader(epoch, 1, 0, ledger.configDigest(), bytes32("b"));
        bytes memory signaturesA = quorum(a, 3);
        bytes memory signaturesB = quorum(b, 3);
        logJudge.challengeHeaders(a, 3, signaturesA, b, 3, signaturesB, 1);
    }
}
