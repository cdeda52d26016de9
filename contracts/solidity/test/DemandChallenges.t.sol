// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengeBase} from "../src/ChallengeBase.sol";
import {DemandChallenges} from "../src/DemandChallenges.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {RemedyState} from "../src/RemedyState.sol";
import {Committed, CrawlVoucher, LogProof, PairProof, UsageAttestation} from "../src/lib/Types.sol";
import {Wire} from "../src/lib/Wire.sol";
import {DemandTest} from "./base/DemandTest.sol";
import {Trees} from "./base/Trees.sol";

contract DemandChallengesTest is DemandTest {
    uint256 private constant REWARD = uint256(BOND) * 4 / 10;

    address private watcher;
    Account private stranger;
    Committed private c;
    CrawlVoucher private first;
    CrawlVoucher private second;

    event DemandOpened(
        bytes32 indexed demandId,
        bytes32 indexed headerHash,
        uint8 indexed kind,
        address asker,
        bytes subject,
        uint256 fee,
        uint64 answerBy
    );
    event DemandAnswered(bytes32 indexed demandId, address indexed answerer);
    event DemandExpired(bytes32 indexed demandId);
    event ChallengeWon(uint8 indexed challenge, uint64 indexed epoch, address indexed challenger, uint256 reward);
    event PaymentKept(address indexed account, uint256 amount);

    function setUp() public override {
        super.setUp();
        watcher = makeAddress("watcher");
        stranger = makeAccount("stranger");
        first = useByVoucher(crawler.addr, idA, 2, 1_000);
        useByVoucher(crawlerB.addr, idB, 1, 300);
        useDirect(crawler.addr, idA);
        second = useByVoucher(crawler.addr, idA, 1, 1_000);
        c = postNext();
    }

    // ---- opening

    function test_demand_shouldTellWhatWasAskedAndTakeTheFee() public {
        bytes memory subject = abi.encode(false, uint64(0), Wire.NONE);
        bytes32 demandId = idOf(c, NODE, subject);
        uint64 answerBy = uint64(block.timestamp) + DEMAND;
        give(watcher, DEMAND_FEE);
        vm.prank(watcher);
        usdc.approve(address(ledger), DEMAND_FEE);
        vm.expectEmit(address(ledger));
        emit DemandOpened(demandId, hashOf(c.header), NODE, watcher, subject, DEMAND_FEE, answerBy);
        vm.prank(watcher);
        demands.demandNode(c, false, 0, Wire.NONE);

        assertEq(usdc.balanceOf(watcher), 0);
        assertEq(usdc.balanceOf(address(ledger)), BOND + DEMAND_FEE);
        assertEq(ledger.openDemands(), 1);
        assertEq(ledger.openDemandsOf(hashOf(c.header)), 1);
        (address asker, uint40 by, uint8 kind, bool open) = ledger.demands(hashOf(c.header), demandId);
        assertEq(asker, watcher);
        assertEq(by, answerBy);
        assertEq(kind, NODE);
        assertTrue(open);
    }

    function test_parameters_shouldBeReadOnTheLedger() public view {
        assertEq(demands.demandFee(), DEMAND_FEE);
        assertEq(demands.demandSeconds(), DEMAND);
    }

    function test_demand_thatWouldEndAfterTheWindow_shouldRevert() public {
        (,, uint64 finalisableAt,) = ledger.headerAt(1);
        vm.warp(finalisableAt - DEMAND + 1);
        _expectAsk(watcher, _nodeCall(0), abi.encodeWithSelector(DemandChallenges.TooLateToAsk.selector, finalisableAt));
        vm.warp(finalisableAt - DEMAND);
        askNode(watcher, c, false, 0, Wire.NONE);
    }

    function test_demand_again_shouldRevert_evenOnceAnswered() public {
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        bytes memory again = abi.encodeWithSelector(DemandChallenges.AlreadyAsked.selector, demandId);
        _expectAsk(crawler.addr, _nodeCall(0), again);
        demands.answerNode(c, false, _parent(false, 0));
        _expectAsk(crawler.addr, _nodeCall(0), again);
    }

    function test_demand_withoutMoney_shouldRevert() public {
        vm.prank(watcher);
        vm.expectRevert();
        demands.demandNode(c, false, 0, Wire.NONE);
        assertEq(ledger.openDemands(), 0);
    }

    function test_demand_ofAHeaderThatIsNotPending_shouldRevert() public {
        skip(WINDOW);
        ledger.finalise(c);
        bytes memory reason = abi.encodeWithSelector(LedgerState.NotPending.selector, 1);
        _expectAsk(watcher, _nodeCall(0), reason);
        _expectAsk(watcher, abi.encodeCall(demands.demandLine, (c, lines[0], attest(lines[0]))), reason);
        _expectAsk(crawler.addr, abi.encodeCall(demands.demandReference, (c, false, noPair(), logProof(3))), reason);
        _expectAsk(crawler.addr, abi.encodeCall(demands.demandVoucher, (c, false, noPair(), logProof(3))), reason);
        vm.expectRevert(reason);
        demands.answerNode(c, false, _parent(false, 0));
        vm.expectRevert(reason);
        this.answerLineOf(c, 0);
        LogProof memory line = logProof(0);
        vm.expectRevert(reason);
        demands.answerReference(c, line);
        vm.expectRevert(reason);
        this.answerVoucherOf(c, first, 2_000);
    }

    // ---- D1: a line

    function test_line_answered_shouldPayTheOperator() public {
        bytes32 demandId = askLine(stranger.addr, c, 1);
        vm.expectEmit(address(ledger));
        emit DemandAnswered(demandId, watcher);
        bytes32[] memory path = Trees.logPath(logLeaves(), 1);
        vm.prank(watcher);
        demands.answerLine(c, lines[1], path);
        _assertAnswered(demandId);
    }

    function test_line_withAnotherLeafOrPath_shouldNotBeAnswered() public {
        askLine(stranger.addr, c, 1);
        bytes32[] memory path = Trees.logPath(logLeaves(), 0);
        vm.expectRevert(LedgerState.BadProof.selector);
        demands.answerLine(c, lines[1], path);
        bytes32 asked = lineId(c, 0);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, asked));
        demands.answerLine(c, lines[0], path);
    }

    function test_line_thatIsNotThere_shouldExpire() public {
        UsageAttestation memory promised = lines[1];
        promised.contentId = keccak256("what was really fetched");
        bytes32 demandId = idOf(c, LINE, abi.encode(logLeaf(promised)));
        ask(stranger.addr, abi.encodeCall(demands.demandLine, (c, promised, attest(promised))));
        _expire(demandId, 11, stranger.addr);
    }

    function test_line_ofAnotherHeaderOrGeneration_shouldRevert() public {
        UsageAttestation memory a = lines[1];
        a.generation = 2;
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NotOfThisHeader.selector, 1);
        _expectAsk(watcher, abi.encodeCall(demands.demandLine, (c, a, attest(a))), reason);
        useByVoucher(crawler.addr, idB, 1, 10);
        a = lines[4];
        reason = abi.encodeWithSelector(DemandChallenges.NotOfThisHeader.selector, 4);
        _expectAsk(watcher, abi.encodeCall(demands.demandLine, (c, a, attest(a))), reason);
        Committed memory next = postNext();
        a = lines[3];
        reason = abi.encodeWithSelector(DemandChallenges.NotOfThisHeader.selector, 3);
        _expectAsk(watcher, abi.encodeCall(demands.demandLine, (next, a, attest(a))), reason);
        askLine(watcher, next, 4);
    }

    function test_line_notSignedByTheKey_shouldRevert() public {
        bytes memory signature = attest(lines[0]);
        bytes memory reason = abi.encodeWithSelector(ChallengeBase.NotSignedByKey.selector, attestor.addr);
        _expectAsk(watcher, abi.encodeCall(demands.demandLine, (c, lines[1], signature)), reason);
    }

    // ---- D2: a line that another names

    function test_reference_ofAPair_shouldBeAnsweredByItsLastLine() public {
        PairProof memory pair = _pairOf(true, crawler.addr, idA);
        bytes32 demandId = askLast(crawler.addr, c, true, pair);
        LogProof memory wrong = logProof(0);
        bytes32 another = idOf(c, REFERENCE, abi.encode(uint64(0)));
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, another));
        demands.answerReference(c, wrong);
        wrong.index = 3;
        vm.expectRevert(LedgerState.BadProof.selector);
        demands.answerReference(c, wrong);
        demands.answerReference(c, logProof(3));
        _assertAnswered(demandId);
    }

    function test_reference_ofALine_shouldBeAnsweredByThePreviousLine() public {
        // The licence's holder is a party too.
        bytes32 demandId = askPrevious(publisher, c, 3);
        demands.answerReference(c, logProof(0));
        _assertAnswered(demandId);
    }

    function test_reference_unanswered_shouldExpire() public {
        bytes32 demandId = askPrevious(crawler.addr, c, 3);
        _expire(demandId, 12, crawler.addr);
    }

    function test_reference_byAStranger_shouldRevert() public {
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NotAParty.selector, stranger.addr);
        PairProof memory pair = _pairOf(false, crawler.addr, idA);
        _expectAsk(stranger.addr, abi.encodeCall(demands.demandReference, (c, false, pair, noLine())), reason);
        _expectAsk(stranger.addr, abi.encodeCall(demands.demandReference, (c, false, noPair(), logProof(3))), reason);
        // One party of another pair is none of this one.
        reason = abi.encodeWithSelector(DemandChallenges.NotAParty.selector, crawlerB.addr);
        _expectAsk(crawlerB.addr, abi.encodeCall(demands.demandReference, (c, false, pair, noLine())), reason);
    }

    function test_reference_toNoLine_shouldRevert() public {
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NoSuchLine.selector, Wire.NONE);
        _expectAsk(crawler.addr, abi.encodeCall(demands.demandReference, (c, false, noPair(), logProof(0))), reason);
    }

    /// @dev The first index that the log does not have: nobody could answer.
    function test_reference_justBehindTheLog_shouldRevert() public {
        use(crawlerB.addr, idA, 1, 700);
        lines[4].pairPrevIndex = 5;
        Committed memory next = postNext();
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NoSuchLine.selector, 5);
        bytes memory data = abi.encodeCall(demands.demandReference, (next, false, noPair(), logProof(4)));
        _expectAsk(crawlerB.addr, data, reason);
    }

    function test_reference_ofADirectLine_shouldRevert() public {
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NotCredit.selector, 2);
        bytes memory data = abi.encodeCall(demands.demandReference, (c, false, noPair(), logProof(2)));
        _expectAsk(crawler.addr, data, reason);
        data = abi.encodeCall(demands.demandVoucher, (c, false, noPair(), logProof(2)));
        _expectAsk(crawler.addr, data, reason);
    }

    function test_reference_withWrongProofs_shouldRevert() public {
        PairProof memory pair = _pairOf(false, crawler.addr, idA);
        pair.pair.cumulative += 1;
        bytes memory reason = abi.encodeWithSelector(LedgerState.BadProof.selector);
        _expectAsk(crawler.addr, abi.encodeCall(demands.demandReference, (c, false, pair, noLine())), reason);
        LogProof memory line = logProof(3);
        line.leaf.units += 1;
        _expectAsk(crawler.addr, abi.encodeCall(demands.demandReference, (c, false, noPair(), line)), reason);
    }

    // ---- C9: consent

    function test_consent_shown_shouldPayTheOperator() public {
        bytes32 demandId = askConsent(crawler.addr, c, 3);
        answerVoucher(c, second, 3_000, crawler);
        _assertAnswered(demandId);
        // A pair's voucher is that of its last line, so it was asked for already.
        PairProof memory pair = _pairOf(false, crawler.addr, idA);
        _expectAsk(
            crawler.addr,
            abi.encodeCall(demands.demandVoucher, (c, false, pair, noLine())),
            abi.encodeWithSelector(DemandChallenges.AlreadyAsked.selector, demandId)
        );
    }

    function test_consent_ofAPair_shouldBeAskedByItsPartiesInEitherTree() public {
        bytes32 demandId = askPairConsent(publisher, c, true, _pairOf(true, crawler.addr, idA));
        answerVoucher(c, second, 3_000, crawler);
        _assertAnswered(demandId);
    }

    function test_consent_byAHigherVoucher_shouldCount() public {
        CrawlVoucher memory high = CrawlVoucher(crawlerB.addr, idA, 1_000_000, TERMS);
        use(crawlerB.addr, idA, 1, 700);
        lines[4].paymentRef = digestOf(high);
        Committed memory next = postNext();
        bytes32 demandId = askConsent(crawlerB.addr, next, 4);
        answerVoucher(next, high, 700, crawlerB);
        assertFalse(isOpen(next, demandId));
    }

    function test_consent_thatWasNeverGiven_shouldExpire() public {
        // Made up by the quorum: nobody signed it.
        use(crawlerB.addr, idA, 1, 700);
        Committed memory next = postNext();
        bytes32 demandId = askConsent(crawlerB.addr, next, 4);
        skip(DEMAND + 1);
        vm.expectEmit(address(ledger));
        emit ChallengeWon(9, 2, crawlerB.addr, REWARD);
        demands.expireDemand(next, demandId);
        _assertPosted(1, 2);
        // The header before it stands.
        skip(WINDOW);
        ledger.finalise(c);
    }

    function test_consent_toLess_shouldNotCount() public {
        CrawlVoucher memory low = CrawlVoucher(crawlerB.addr, idA, 699, TERMS);
        use(crawlerB.addr, idA, 1, 700);
        lines[4].paymentRef = digestOf(low);
        Committed memory next = postNext();
        bytes32 demandId = askConsent(crawlerB.addr, next, 4);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.VoucherTooLow.selector, 699, 700));
        this.answerVoucherOf(next, low, 700);
        // Not for less than what was billed either.
        bytes32 another = idOf(next, VOUCHER, abi.encode(crawlerB.addr, idA, digestOf(low), uint128(699)));
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, another));
        this.answerVoucherOf(next, low, 699);
        assertTrue(isOpen(next, demandId));
    }

    /// @dev The line of one crawler names the voucher of another one, who did consent.
    function test_consent_ofAnother_shouldNotCount() public {
        use(crawlerB.addr, idA, 1, 700);
        lines[4].paymentRef = digestOf(second);
        Committed memory next = postNext();
        bytes32 demandId = askConsent(crawlerB.addr, next, 4);
        bytes32 another = idOf(next, VOUCHER, abi.encode(crawler.addr, idA, digestOf(second), uint128(700)));
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, another));
        this.answerVoucherOf(next, second, 700);
        assertTrue(isOpen(next, demandId));
    }

    function test_consent_signedByAStranger_shouldNotCount() public {
        askConsent(crawler.addr, c, 3);
        bytes memory signature = sign(stranger, digestOf(second));
        vm.expectRevert(
            abi.encodeWithSelector(DemandChallenges.NotSignedForCrawler.selector, crawler.addr, stranger.addr)
        );
        demands.answerVoucher(c, second, 3_000, signature);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotSignedForCrawler.selector, crawler.addr, 0));
        demands.answerVoucher(c, second, 3_000, "");
    }

    /// @dev A signature that is nobody's is not that of the zero address, which somebody may bill.
    function test_consent_ofTheZeroAddress_shouldNotBeGivenByABadSignature() public {
        CrawlVoucher memory voucher = useByVoucher(address(0), idA, 1, 700);
        c = postNext();
        askConsent(publisher, c, 4);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotSignedForCrawler.selector, address(0), address(0)));
        demands.answerVoucher(c, voucher, 700, new bytes(65));
    }

    /// @dev A contract can't sign; its registered signers do, as of `closedAt`, whatever comes after.
    function test_consent_byARegisteredSigner_shouldCountAsOfClosedAt() public {
        skip(1);
        register(crawler, stranger, uint64(block.timestamp) + 100);
        second = useByVoucher(crawler.addr, idA, 1, 1);
        Committed memory next = postNext();
        vm.prank(crawler.addr);
        escrow.revokeSigner(stranger.addr);
        bytes32 demandId = askConsent(crawler.addr, next, 4);
        answerVoucher(next, second, 3_001, stranger);
        assertFalse(isOpen(next, demandId));
    }

    function test_consent_byASignerOfLater_shouldNotCount() public {
        skip(1);
        register(crawler, stranger, uint64(block.timestamp) + 100);
        askConsent(crawler.addr, c, 3);
        bytes memory signature = sign(stranger, digestOf(second));
        vm.expectRevert(
            abi.encodeWithSelector(DemandChallenges.NotSignedForCrawler.selector, crawler.addr, stranger.addr)
        );
        demands.answerVoucher(c, second, 3_000, signature);
    }

    /// @dev What an earlier header was the first to bill was to be asked of that one: the signer may be gone by now.
    function test_consent_toWhatWasBilledBefore_shouldRevert() public {
        useByVoucher(crawlerB.addr, idA, 1, 700);
        Committed memory next = postNext();
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NotOfThisHeader.selector, 3);
        _expectAsk(crawler.addr, abi.encodeCall(demands.demandVoucher, (next, false, noPair(), logProof(3))), reason);
        PairProof memory pair = _pairOf(false, crawler.addr, idA);
        _expectAsk(crawler.addr, abi.encodeCall(demands.demandVoucher, (next, false, pair, noLine())), reason);
    }

    function test_consent_byAStranger_shouldRevert() public {
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NotAParty.selector, stranger.addr);
        bytes memory data = abi.encodeCall(demands.demandVoucher, (c, false, noPair(), logProof(3)));
        _expectAsk(stranger.addr, data, reason);
    }

    // ---- D4: a leaf of a tree

    function test_node_parentOnly_shouldBeAnsweredByIt() public {
        bytes32 demandId = askNode(stranger.addr, c, true, 1, Wire.NONE);
        PairProof memory proof = _parent(true, 1);
        proof.parent.leaf.cumulative += 1;
        vm.expectRevert(LedgerState.BadProof.selector);
        demands.answerNode(c, true, proof);
        bytes32 another = idOf(c, NODE, abi.encode(true, uint64(0), Wire.NONE));
        PairProof memory notAsked = _parent(true, 0);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, another));
        demands.answerNode(c, true, notAsked);
        demands.answerNode(c, true, _parent(true, 1));
        _assertAnswered(demandId);
    }

    function test_node_pair_shouldBeAnsweredByIt() public {
        bytes32 demandId = askNode(stranger.addr, c, false, 0, 0);
        PairProof memory proof = pairProof(side(false), 0, 0);
        proof.pair.cumulative += 1;
        vm.expectRevert(LedgerState.BadProof.selector);
        demands.answerNode(c, false, proof);
        demands.answerNode(c, false, pairProof(side(false), 0, 0));
        _assertAnswered(demandId);
    }

    function test_node_pairThatIsNot_shouldBeAnsweredByTheParent() public {
        PairProof memory proof = _parent(false, 0);
        proof.index = proof.parent.leaf.pairCount;
        bytes32 demandId = askNode(stranger.addr, c, false, 0, proof.index);
        demands.answerNode(c, false, proof);
        _assertAnswered(demandId);
    }

    function test_node_parentThatIsNot_shouldRevert() public {
        bytes memory reason = abi.encodeWithSelector(DemandChallenges.NoSuchLeaf.selector, 2);
        _expectAsk(watcher, abi.encodeCall(demands.demandNode, (c, true, 2, 0)), reason);
    }

    /// @dev A root that nobody can open.
    function test_node_unanswered_shouldExpire() public {
        Committed memory next = nextEpoch();
        next.body.creditRoot = keccak256("nothing known");
        post(seal(next));
        c = next;
        bytes32 demandId = askNode(stranger.addr, c, false, 0, 0);
        PairProof memory proof = pairProof(side(false), 0, 0);
        vm.expectRevert(LedgerState.BadProof.selector);
        demands.answerNode(c, false, proof);
        skip(DEMAND + 1);
        vm.expectEmit(address(ledger));
        emit DemandExpired(demandId);
        vm.expectEmit(address(ledger));
        emit ChallengeWon(14, 2, stranger.addr, REWARD);
        demands.expireDemand(c, demandId);
        _assertPosted(1, 2);
    }

    // ---- answers in time

    function test_answer_inTheLastSecond_shouldCount_laterNot() public {
        askNode(watcher, c, false, 0, Wire.NONE);
        bytes32 demandId = askNode(watcher, c, false, 1, Wire.NONE);
        uint64 answerBy = uint64(block.timestamp) + DEMAND;
        skip(DEMAND);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.StillAnswerable.selector, answerBy));
        demands.expireDemand(c, demandId);
        demands.answerNode(c, false, _parent(false, 0));
        skip(1);
        PairProof memory late = _parent(false, 1);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.TooLateToAnswer.selector, answerBy));
        demands.answerNode(c, false, late);
        demands.expireDemand(c, demandId);
        _assertPosted(0, 2);
    }

    function test_answer_again_shouldRevert() public {
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        demands.answerNode(c, false, _parent(false, 0));
        PairProof memory again = _parent(false, 0);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, demandId));
        demands.answerNode(c, false, again);
        skip(DEMAND + 1);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, demandId));
        demands.expireDemand(c, demandId);
    }

    // ---- finality

    function test_finalise_withAnOpenDemand_shouldRevert_alsoOfAnEarlierHeader() public {
        (,, uint64 finalisableAt,) = ledger.headerAt(1);
        vm.warp(finalisableAt - DEMAND);
        Committed memory next = postNext();
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        vm.warp(finalisableAt);
        vm.expectRevert(abi.encodeWithSelector(RemedyState.DemandOpen.selector, 1));
        ledger.finalise(c);
        skip(WINDOW);
        vm.expectRevert(abi.encodeWithSelector(RemedyState.DemandOpen.selector, 1));
        ledger.finalise(next);
        demands.expireDemand(c, demandId);
        _assertPosted(0, 2);
    }

    function test_finalise_onceAnswered_shouldBeAsIfNobodyHadAsked() public {
        (,, uint64 finalisableAt,) = ledger.headerAt(1);
        vm.warp(finalisableAt - DEMAND);
        askNode(watcher, c, false, 0, Wire.NONE);
        vm.warp(finalisableAt);
        demands.answerNode(c, false, _parent(false, 0));
        ledger.finalise(c);
        assertEq(ledger.openDemands(), 0);
    }

    function test_finalise_withADemandOfASuccessor_shouldGoOn() public {
        Committed memory next = postNext();
        askNode(watcher, next, false, 0, Wire.NONE);
        askNode(watcher, next, false, 1, Wire.NONE);
        skip(WINDOW);
        ledger.finalise(c);
        assertEq(ledger.openDemands(), 2);
        vm.expectRevert(abi.encodeWithSelector(RemedyState.DemandOpen.selector, 2));
        ledger.finalise(next);
    }

    // ---- the end of a void header's demands

    function test_expire_ofAVoidHeader_shouldGiveTheFeeBack() public {
        Committed memory next = postNext();
        bytes32 one = askNode(watcher, c, false, 0, Wire.NONE);
        bytes32 two = askNode(stranger.addr, c, false, 1, Wire.NONE);
        bytes32 three = askNode(crawler.addr, next, false, 1, Wire.NONE);
        skip(DEMAND + 1);
        demands.expireDemand(c, two);
        assertEq(usdc.balanceOf(stranger.addr), DEMAND_FEE + REWARD);
        assertEq(ledger.openDemands(), 0);
        (,, uint64 generation) = ledger.head();
        uint256 before = usdc.balanceOf(crawler.addr);
        demands.expireDemand(next, three);
        demands.expireDemand(c, one);
        assertEq(usdc.balanceOf(crawler.addr), before + DEMAND_FEE);
        assertEq(usdc.balanceOf(watcher), DEMAND_FEE);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, one));
        demands.expireDemand(c, one);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, two));
        demands.expireDemand(c, two);
        // Only the first one was a verdict.
        (,, uint64 after_) = ledger.head();
        assertEq(after_, generation);
        assertEq(usdc.balanceOf(address(ledger)), BOND - REWARD);
        // No time to wait for.
        Committed memory again = postAgain();
        bytes32 four = askNode(watcher, again, false, 0, Wire.NONE);
        assertEq(ledger.openDemands(), 1);
        assertTrue(isOpen(again, four));
    }

    function test_expire_ofAVoidHeader_shouldNotWait() public {
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        UsageAttestation memory a = lines[0];
        a.contentId = 0;
        bytes memory other_ = attest(a);
        bytes memory honest = attest(lines[0]);
        logJudge.challengeAttestations(a, other_, lines[0], honest);
        demands.expireDemand(c, demandId);
        assertEq(usdc.balanceOf(watcher), DEMAND_FEE);
    }

    function test_expire_ofAnotherHeader_shouldRevert() public {
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        Committed memory next = postNext();
        skip(DEMAND + 1);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, demandId));
        demands.expireDemand(next, demandId);
    }

    // ---- when USDC refuses

    function test_answer_whileTheOperatorIsRefused_shouldOweTheFee() public {
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        blacklist(admin);
        vm.expectEmit(address(ledger));
        emit PaymentKept(admin, DEMAND_FEE);
        demands.answerNode(c, false, _parent(false, 0));
        assertFalse(isOpen(c, demandId));
        assertEq(ledger.owed(admin), DEMAND_FEE);
        skip(WINDOW);
        ledger.finalise(c);
        vm.prank(usdcOwner);
        token.unBlacklist(admin);
        bonds.sendOwed(admin);
        assertEq(usdc.balanceOf(admin), DEMAND_FEE);
    }

    function test_expire_whileUsdcIsPaused_shouldVoidAndOweAll() public {
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        skip(DEMAND + 1);
        vm.prank(usdcOwner);
        token.pause();
        demands.expireDemand(c, demandId);
        _assertPosted(0, 2);
        assertEq(ledger.owed(watcher), REWARD + DEMAND_FEE);
        vm.prank(usdcOwner);
        token.unpause();
        bonds.sendOwed(watcher);
        assertEq(usdc.balanceOf(watcher), REWARD + DEMAND_FEE);
    }

    function test_expire_withTooLittleGas_shouldRevertAndNotOwe() public {
        bytes32 demandId = askNode(watcher, c, false, 0, Wire.NONE);
        skip(DEMAND + 1);
        for (uint256 gas_ = 60_000; gas_ < 400_000; gas_ += 2_000) {
            (bool ok,) = address(ledger).call{gas: gas_}(abi.encodeCall(demands.expireDemand, (c, demandId)));
            if (!ok) continue;
            assertEq(ledger.owed(watcher), 0);
            return;
        }
        assertTrue(false);
    }

    // ---- directly

    function test_judgeCalledDirectly_shouldFindNothing() public {
        DemandChallenges judge = ledger.demandChallenges();
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        judge.demandNode(c, false, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(DemandChallenges.NotOpen.selector, bytes32(0)));
        judge.expireDemand(c, 0);
    }

    function test_unknownFunction_shouldRevert() public {
        (bool ok,) = address(ledger).call(abi.encodeWithSignature("nothing()"));
        assertFalse(ok);
        (ok,) = address(ledger).call("");
        assertFalse(ok);
        give(address(this), 1);
        vm.deal(address(this), 1);
        (ok,) = address(ledger).call{value: 1}(abi.encodeCall(bonds.sendOwed, (admin)));
        assertFalse(ok);
    }

    // ---- helpers

    function answerLineOf(Committed memory target, uint64 index) external {
        answerLine(target, index);
    }

    function answerVoucherOf(Committed memory target, CrawlVoucher memory voucher, uint128 cumulative) external {
        Account memory signer = voucher.crawler == crawler.addr ? crawler : crawlerB;
        answerVoucher(target, voucher, cumulative, signer);
    }

    /// @dev The honest header again, in the next generation.
    function postAgain() private returns (Committed memory again) {
        addBond(BOND);
        (,, uint64 generation) = ledger.head();
        for (uint256 i = 0; i < lines.length; ++i) {
            lines[i].generation = generation;
        }
        again = postNext();
    }

    function _nodeCall(uint64 parentIndex) private view returns (bytes memory) {
        return abi.encodeCall(demands.demandNode, (c, false, parentIndex, Wire.NONE));
    }

    function _parent(bool debit, uint256 i) private view returns (PairProof memory proof) {
        proof.index = Wire.NONE;
        proof.parent = parentProof(side(debit), i);
    }

    function _pairOf(bool debit, address who, uint256 licenseId) private view returns (PairProof memory) {
        (, uint256 i, uint256 j) = find(side(debit), who, licenseId);
        return pairProof(side(debit), i, j);
    }

    function _expectAsk(address asker, bytes memory data, bytes memory reason) private {
        give(asker, DEMAND_FEE);
        vm.prank(asker);
        usdc.approve(address(ledger), DEMAND_FEE);
        vm.prank(asker);
        (bool ok, bytes memory answer) = address(ledger).call(data);
        assertFalse(ok);
        assertEq(answer, reason);
    }

    function _assertAnswered(bytes32 demandId) private view {
        assertFalse(isOpen(c, demandId));
        assertEq(usdc.balanceOf(admin), DEMAND_FEE);
        assertEq(usdc.balanceOf(address(ledger)), BOND);
        assertEq(ledger.openDemands(), 0);
        assertEq(ledger.openDemandsOf(hashOf(c.header)), 0);
    }

    /// @dev Nobody answers; the header is void, and who asked is paid as a challenger.
    function _expire(bytes32 demandId, uint8 challenge, address asker) private {
        uint256 before = usdc.balanceOf(asker);
        skip(DEMAND + 1);
        vm.expectEmit(address(ledger));
        emit DemandExpired(demandId);
        vm.expectEmit(address(ledger));
        emit ChallengeWon(challenge, 1, asker, REWARD);
        demands.expireDemand(c, demandId);
        _assertPosted(0, 2);
        assertEq(usdc.balanceOf(asker), before + DEMAND_FEE + REWARD);
        assertEq(usdc.balanceOf(address(ledger)), BOND - REWARD);
        assertEq(ledger.openDemands(), 0);
    }

    function _assertPosted(uint64 expectedLastPosted, uint64 expectedGeneration) private view {
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, expectedLastPosted);
        assertEq(generation, expectedGeneration);
    }
}
