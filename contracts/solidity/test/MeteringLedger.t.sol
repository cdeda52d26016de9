// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {CreditEscrow} from "../src/CreditEscrow.sol";
import {LedgerState} from "../src/LedgerState.sol";
import {MeteringLedger} from "../src/MeteringLedger.sol";
import {SignerConfigs} from "../src/SignerConfigs.sol";
import {Committed, EpochBody, EpochHeader, LicenseLeaf, LicenseProof, SumNode} from "../src/lib/Types.sol";
import {Wire} from "../src/lib/Wire.sol";
import {LedgerTest} from "./base/LedgerTest.sol";

contract MeteringLedgerTest is LedgerTest {
    // ---- start

    function test_start_shouldBeBeforeTheFirstEpoch() public view {
        (uint64 lastPosted, uint64 lastFinalised, uint64 generation) = ledger.head();
        assertEq(lastPosted, 0);
        assertEq(lastFinalised, 0);
        assertEq(generation, 1);
        bytes32 deploymentId = Wire.deploymentId(84532, address(ledger));
        assertEq(ledger.deploymentId(), deploymentId);
        (bytes32 headerHash,,,) = ledger.headerAt(0);
        assertEq(headerHash, deploymentId);
    }

    function test_headerAt_shouldKnowTheLast64() public {
        bytes32 first = hashOf(finaliseNext().header);
        for (uint256 i = 1; i < 64; ++i) {
            finaliseNext();
        }
        (bytes32 headerHash,,,) = ledger.headerAt(1);
        assertEq(headerHash, first);
        finaliseNext();
        (headerHash,,,) = ledger.headerAt(1);
        assertEq(headerHash, bytes32(0));
        (headerHash,,,) = ledger.headerAt(66);
        assertEq(headerHash, bytes32(0));
    }

    // ---- post

    function test_post_shouldTakeTheNextEpoch() public {
        _useSome();
        Committed memory c = nextEpoch();
        bytes32 headerHash = hashOf(c.header);
        vm.expectEmit(address(ledger));
        emit MeteringLedger.HeaderPosted(
            1, 1, headerHash, ledger.deploymentId(), ledger.configDigest(), c.body, uint64(block.timestamp) + WINDOW
        );
        post(c);
        (bytes32 stored, uint64 generation, uint64 finalisableAt, uint64 closedAt) = ledger.headerAt(1);
        assertEq(stored, headerHash);
        assertEq(generation, 1);
        assertEq(finalisableAt, block.timestamp + WINDOW);
        assertEq(closedAt, c.body.closedAt);
        (stored,,,) = ledger.headerAt(2);
        assertEq(stored, 0);
    }

    function test_post_withoutUsage_shouldBeLegal() public {
        Committed memory c = finaliseNext();
        assertEq(c.body.totalCredit, 0);
        finaliseNext();
        (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
        assertEq(lastPosted, 2);
        assertEq(lastFinalised, 2);
    }

    function test_post_sameHeaderAgain_shouldDoNothing() public {
        _useSome();
        Committed memory c = postNext();
        post(c);
        ledger.post(c.header, c.body, 0, "");
        postNext();
        post(c);
        (uint64 lastPosted,,) = ledger.head();
        assertEq(lastPosted, 2);
        skip(WINDOW);
        ledger.finalise(c);
        post(c);
    }

    function test_post_anyQuorum_shouldDo() public {
        uint32[4] memory bitmaps = [uint32(3), 5, 6, 7];
        for (uint256 i = 0; i < bitmaps.length; ++i) {
            Committed memory c = nextEpoch();
            ledger.post(c.header, c.body, bitmaps[i], quorum(c.header, bitmaps[i]));
        }
    }

    function test_post_wrongPlace_shouldRevert() public {
        postNext();
        Committed memory c = nextEpoch();
        c.header.epoch = 3;
        _expectPost(c, abi.encodeWithSelector(MeteringLedger.NotNextEpoch.selector, 2, 3));
        c.header.epoch = 1;
        _expectPost(c, abi.encodeWithSelector(MeteringLedger.NotNextEpoch.selector, 2, 1));
        c.header.epoch = 2;
        c.header.generation = 2;
        _expectPost(c, abi.encodeWithSelector(MeteringLedger.WrongGeneration.selector, 1, 2));
        c.header.generation = 1;
        bytes32 prev = c.header.prevHeaderHash;
        c.header.prevHeaderHash = 0;
        _expectPost(c, abi.encodeWithSelector(MeteringLedger.WrongPrevHeader.selector, prev, 0));
        c.header.prevHeaderHash = prev;
        bytes32 digest = c.header.configDigest;
        c.header.configDigest = 0;
        _expectPost(c, abi.encodeWithSelector(SignerConfigs.WrongConfig.selector, digest, 0));
        c.header.configDigest = digest;
        c.header.bodyHash = 0;
        _expectPost(c, abi.encodeWithSelector(LedgerState.WrongBody.selector));
    }

    function test_post_wrongClosedAt_shouldRevert() public {
        Committed memory first = postNext();
        skip(10);
        Committed memory c = nextEpoch();
        c.body.closedAt = uint64(block.timestamp) + 1;
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.ClosedAtOutOfRange.selector, c.body.closedAt));
        c.body.closedAt = first.body.closedAt - 1;
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.ClosedAtOutOfRange.selector, c.body.closedAt));
        c.body.closedAt = first.body.closedAt;
        post(seal(c));
    }

    function test_post_wrongTotals_shouldRevert() public {
        _useSome();
        Committed memory first = postNext();
        Committed memory c = nextEpoch();
        uint128 total = first.body.totalCredit;
        c.body.totalDebit = total + 1;
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.TotalsDiffer.selector, total, total + 1));
        (c.body.totalCredit, c.body.totalDebit) = (total - 1, total - 1);
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.TotalShrank.selector, total, total - 1));
        (c.body.totalCredit, c.body.totalDebit) = (total, total);
        c.body.logSize -= 1;
        _expectPost(
            seal(c), abi.encodeWithSelector(MeteringLedger.LogShrank.selector, first.body.logSize, c.body.logSize)
        );
    }

    function test_post_moreThanTheFieldsHold_shouldRevert() public {
        _useSome();
        uint64 many = uint64(1) << 48;
        Committed memory c = nextEpoch();
        c.body.logSize = many;
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.TooMany.selector, many));
        c = nextEpoch();
        c.body.licenseCount = many;
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.TooMany.selector, many));
        c = nextEpoch();
        c.body.crawlerCount = many;
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.TooMany.selector, many));
        (c.body.logSize, c.body.licenseCount, c.body.crawlerCount) = (many - 1, many - 1, many - 1);
        post(seal(c));
        skip(WINDOW);
        ledger.finalise(c);
        (,, uint64 epoch, uint64 licenseCount, uint64 crawlerCount, uint64 closedAt) = ledger.finalised();
        assertEq(epoch, 1);
        assertEq(licenseCount, many - 1);
        assertEq(crawlerCount, many - 1);
        assertEq(closedAt, c.body.closedAt);
        assertEq(ledger.finalisedCredit(), c.body.totalCredit);
    }

    function test_post_anEmptyTreeThatSaysMore_shouldRevert() public {
        Committed memory empty = nextEpoch();
        empty.body.creditRoot = keccak256("root");
        _expectPost(seal(empty), abi.encodeWithSelector(MeteringLedger.EmptyTree.selector, 0, empty.body.creditRoot));
        empty.body.creditRoot = 0;
        empty.body.crawlerCount = 1;
        _expectPost(seal(empty), abi.encodeWithSelector(MeteringLedger.EmptyTree.selector, 1, 0));
        empty.body.crawlerCount = 0;
        (empty.body.totalCredit, empty.body.totalDebit) = (1, 1);
        _expectPost(seal(empty), abi.encodeWithSelector(MeteringLedger.EmptyTree.selector, 0, 0));
        _useSome();
        Committed memory c = nextEpoch();
        (uint64 count, bytes32 root) = (c.body.crawlerCount, c.body.debitRoot);
        (c.body.crawlerCount, c.body.debitRoot) = (0, 0);
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.EmptyTree.selector, 0, 0));
        c.body.debitRoot = root;
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.EmptyTree.selector, 0, root));
        (c.body.crawlerCount, c.body.debitRoot) = (count, 0);
        _expectPost(seal(c), abi.encodeWithSelector(MeteringLedger.EmptyTree.selector, count, 0));
        c.body.debitRoot = root;
        post(seal(c));
    }

    function test_post_beyondTheDeposits_shouldRevert() public {
        use(crawler.addr, idA, 1, 1_000_001);
        addBond(BOND);
        _expectPost(nextEpoch(), abi.encodeWithSelector(MeteringLedger.Insolvent.selector, 1_000_000, 1_000_001));
        deposit(crawlerB.addr, 1);
        postNext();
    }

    function test_post_beyondTheBond_shouldRevertUntilFinalised() public {
        vm.prank(admin);
        ledger.noticeBond(BOND - 50_000);
        skip(BOND_NOTICE);
        vm.prank(admin);
        ledger.withdrawBond(admin);
        use(crawler.addr, idA, 1, 30_000);
        Committed memory first = postNext();
        use(crawler.addr, idB, 1, 20_001);
        Committed memory c = nextEpoch();
        _expectPost(c, abi.encodeWithSelector(MeteringLedger.BondTooSmall.selector, 50_000, 50_001));
        skip(WINDOW);
        ledger.finalise(first);
        post(c);
        // All of the bond, to the unit.
        use(crawler.addr, idB, 1, 29_999);
        postNext();
    }

    function test_post_wrongSignatures_shouldRevert() public {
        Committed memory c = nextEpoch();
        bytes memory two = quorum(c.header, 3);
        _expectPost(c, 1, quorum(c.header, 1), abi.encodeWithSelector(SignerConfigs.QuorumMissing.selector, 1, 2));
        _expectPost(c, 0, "", abi.encodeWithSelector(SignerConfigs.QuorumMissing.selector, 0, 2));
        _expectPost(c, 5, two, abi.encodeWithSelector(SignerConfigs.BadSignature.selector, 2));
        _expectPost(c, 11, two, abi.encodeWithSelector(SignerConfigs.UnknownSignerBit.selector, 11));
        _expectPost(c, 7, two, abi.encodeWithSelector(SignerConfigs.BadSignatureLength.selector, 128));
        bytes memory longer = bytes.concat(two, hex"00");
        _expectPost(c, 3, longer, abi.encodeWithSelector(SignerConfigs.BadSignatureLength.selector, 129));
        bytes memory twice = bytes.concat(quorum(c.header, 1), quorum(c.header, 1));
        _expectPost(c, 3, twice, abi.encodeWithSelector(SignerConfigs.BadSignature.selector, 1));
    }

    function test_post_highS_shouldRevert() public {
        Committed memory c = nextEpoch();
        bytes memory high = flip(sign(roots[0], headerDigest(c.header)));
        (bytes32 r, bytes32 s, uint8 v) = split(high);
        bytes memory compact = abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        bytes memory signatures = bytes.concat(compact, quorum(c.header, 2));
        _expectPost(c, 3, signatures, abi.encodeWithSelector(SignerConfigs.BadSignature.selector, 0));
    }

    function test_post_ringFull_shouldRevertUntilFinalised() public {
        Committed memory first = postNext();
        for (uint256 i = 1; i < 63; ++i) {
            postNext();
        }
        Committed memory c = nextEpoch();
        _expectPost(c, abi.encodeWithSelector(MeteringLedger.RingFull.selector));
        skip(WINDOW);
        ledger.finalise(first);
        post(c);
        skip(WINDOW);
        ledger.finalise(c);
        for (uint256 i = 0; i < 70; ++i) {
            finaliseNext();
        }
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        ledger.finalise(first);
    }

    // ---- finalise

    function test_finalise_shouldFinaliseAllBeforeToo() public {
        _useSome();
        Committed memory first = postNext();
        skip(5);
        Committed memory second = postNext();
        bytes memory reason =
            abi.encodeWithSelector(MeteringLedger.WindowOpen.selector, uint64(block.timestamp) + WINDOW);
        skip(WINDOW - 1);
        vm.expectRevert(reason);
        ledger.finalise(second);
        skip(1);
        vm.expectEmit(address(ledger));
        emit MeteringLedger.HeaderFinalised(1, hashOf(first.header));
        vm.expectEmit(address(ledger));
        emit MeteringLedger.HeaderFinalised(2, hashOf(second.header));
        vm.prank(other);
        ledger.finalise(second);
        (bytes32 creditRoot, bytes32 debitRoot, uint64 epoch, uint64 licenses, uint64 crawlers, uint64 closedAt) =
            ledger.finalised();
        assertEq(creditRoot, second.body.creditRoot);
        assertEq(debitRoot, second.body.debitRoot);
        assertEq(epoch, 2);
        assertEq(licenses, 2);
        assertEq(crawlers, 2);
        assertEq(closedAt, second.body.closedAt);
        ledger.finalise(first);
        ledger.finalise(second);
    }

    function test_finalise_refused() public {
        Committed memory c = nextEpoch();
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        ledger.finalise(c);
        post(c);
        skip(WINDOW);
        c.body.closedAt += 1;
        vm.expectRevert(LedgerState.WrongBody.selector);
        ledger.finalise(c);
        seal(c);
        vm.expectRevert(abi.encodeWithSelector(LedgerState.NotPending.selector, 1));
        ledger.finalise(c);
    }

    // ---- claims

    function test_claim_shouldPayTheDifferenceToThePayout() public {
        _useSome();
        finaliseNext();
        LicenseProof memory proof = licenseProof(0);
        vm.expectEmit(address(ledger));
        emit MeteringLedger.Claimed(idA, payout, 1, 7_000, 7_000);
        vm.expectEmit(address(escrow));
        emit CreditEscrow.ClaimPaid(idA, payout, 7_000);
        vm.prank(other);
        assertEq(ledger.claim(proof.leaf, proof.index, proof.path), 7_000);
        assertEq(usdc.balanceOf(payout), 7_000);
        assertEq(ledger.claimed(idA), 7_000);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.NothingToClaim.selector, idA));
        ledger.claim(proof.leaf, proof.index, proof.path);

        use(crawlerB.addr, idA, 1, 500);
        finaliseNext();
        proof = licenseProof(0);
        assertEq(ledger.claim(proof.leaf, proof.index, proof.path), 500);
        assertEq(usdc.balanceOf(payout), 7_500);
        assertEq(escrow.owed(), 1_000_000 - 7_500);
        assertEq(usdc.balanceOf(address(escrow)), escrow.owed());
        assertTrue(escrow.solvent());
    }

    function test_claim_wrongProof_shouldRevert() public {
        _useSome();
        Committed memory c = postNext();
        LicenseProof memory proof = licenseProof(0);
        vm.expectRevert(LedgerState.BadProof.selector);
        ledger.claim(proof.leaf, proof.index, proof.path);
        skip(WINDOW);
        ledger.finalise(c);
        vm.expectRevert(LedgerState.BadProof.selector);
        ledger.claim(proof.leaf, 1, proof.path);
        proof.leaf.cumulative += 1;
        vm.expectRevert(LedgerState.BadProof.selector);
        ledger.claim(proof.leaf, proof.index, proof.path);
    }

    function test_claimBatch_shouldSkipWhatFails() public {
        _useSome();
        useDirect(crawler.addr, idA);
        finaliseNext();
        LicenseProof[] memory claims = new LicenseProof[](4);
        claims[0] = licenseProof(0);
        claims[0].leaf.cumulative += 1;
        claims[1] = licenseProof(1);
        claims[2] = licenseProof(1);
        claims[3] = licenseProof(0);
        blacklist(payout);
        assertEq(ledger.claimBatch(claims), 2_000);
        assertEq(usdc.balanceOf(other), 2_000);
        assertEq(ledger.claimed(idA), 0);
        vm.prank(usdcOwner);
        token.unBlacklist(payout);
        assertEq(ledger.claimBatch(claims), 7_000);
        assertEq(ledger.claimBatch(claims), 0);
    }

    function test_claimBatch_withTooLittleGas_shouldRevertAndNotSkip() public {
        _useSome();
        finaliseNext();
        LicenseProof[] memory claims = new LicenseProof[](1);
        claims[0] = licenseProof(0);
        for (uint256 gas = 30_000; gas < 300_000; gas += 10_000) {
            (bool ok, bytes memory returned) =
                address(ledger).call{gas: gas}(abi.encodeCall(ledger.claimBatch, (claims)));
            if (!ok) continue;
            assertTrue(abi.decode(returned, (uint256)) > 0);
            assertTrue(ledger.claimed(idA) > 0);
            return;
        }
        assertTrue(false);
    }

    function test_claim_ofALicenseThatDoesNotExist_shouldFailAlone() public {
        use(crawler.addr, 77, 1, 1_000);
        use(crawler.addr, idA, 1, 1_000);
        finaliseNext();
        LicenseProof[] memory claims = new LicenseProof[](2);
        claims[0] = licenseProof(1);
        claims[1] = licenseProof(0);
        assertEq(claims[0].leaf.licenseId, 77);
        assertEq(ledger.claimBatch(claims), 1_000);
    }

    function testFuzz_claims_shouldAddUpToTheTotal(uint256 seed) public {
        uint256 expected = 0;
        for (uint256 round = 0; round < 3; ++round) {
            for (uint256 i = 0; i < 4; ++i) {
                uint256 dice = uint256(keccak256(abi.encode(seed, round, i)));
                address who = dice & 1 == 0 ? crawler.addr : crawlerB.addr;
                uint128 price = uint128(1 + (dice >> 8) % 10_000);
                use(who, dice & 2 == 0 ? idA : idB, 2, price);
                expected += 2 * price;
            }
            Committed memory c = finaliseNext();
            assertEq(c.body.totalCredit, expected);
            LicenseProof[] memory claims = new LicenseProof[](c.body.licenseCount);
            for (uint64 i = 0; i < claims.length; ++i) {
                claims[i] = licenseProof(i);
            }
            ledger.claimBatch(claims);
            assertEq(usdc.balanceOf(payout) + usdc.balanceOf(other), expected);
            assertEq(usdc.balanceOf(address(escrow)), 1_000_000 - expected);
            assertTrue(escrow.solvent());
        }
    }

    // ---- bond

    function test_bond_shouldLeaveAfterNoticeWithNothingPending() public {
        give(address(this), 5);
        usdc.approve(address(ledger), 5);
        vm.expectEmit(address(ledger));
        emit MeteringLedger.BondDeposited(address(this), 5, BOND + 5);
        ledger.depositBond(5);
        vm.startPrank(admin);
        vm.expectRevert(MeteringLedger.NoBondNotice.selector);
        ledger.withdrawBond(admin);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.BondNoticeTooLarge.selector, BOND + 6, BOND + 5));
        ledger.noticeBond(BOND + 6);
        vm.expectEmit(address(ledger));
        emit MeteringLedger.BondNotice(BOND, uint64(block.timestamp) + BOND_NOTICE);
        ledger.noticeBond(BOND);
        skip(BOND_NOTICE - 1);
        vm.expectRevert(MeteringLedger.BondLocked.selector);
        ledger.withdrawBond(admin);
        vm.stopPrank();
        skip(1);
        Committed memory c = postNext();
        vm.expectRevert(MeteringLedger.BondLocked.selector);
        vm.prank(admin);
        ledger.withdrawBond(admin);
        skip(WINDOW);
        ledger.finalise(c);
        vm.expectEmit(address(ledger));
        emit MeteringLedger.BondWithdrawn(admin, BOND, 5);
        vm.prank(admin);
        ledger.withdrawBond(admin);
        assertEq(usdc.balanceOf(admin), BOND);
        assertEq(ledger.bond(), 5);
    }

    function test_bond_byOthers_shouldRevert() public {
        vm.startPrank(other);
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other);
        vm.expectRevert(reason);
        ledger.noticeBond(1);
        vm.expectRevert(reason);
        ledger.withdrawBond(other);
        vm.expectRevert(MeteringLedger.ZeroAmount.selector);
        ledger.depositBond(0);
        vm.stopPrank();
    }

    /// @dev Licence A earns 7,000 and B 2,000, from two crawlers.
    function _useSome() private {
        use(crawler.addr, idA, 2, 1_000);
        use(crawlerB.addr, idA, 1, 5_000);
        use(crawler.addr, idB, 1, 1_500);
        use(crawler.addr, idB, 1, 500);
    }

    function _expectPost(Committed memory c, bytes memory reason) private {
        _expectPost(c, 3, quorum(c.header, 3), reason);
    }

    function _expectPost(Committed memory c, uint32 bitmap, bytes memory signatures, bytes memory reason) private {
        vm.expectRevert(reason);
        ledger.post(c.header, c.body, bitmap, signatures);
    }

    // ---- the window

    function test_window_shouldChangeAfterTheDelay() public {
        vm.expectEmit(address(ledger));
        emit MeteringLedger.WindowScheduled(MAX_WINDOW, uint64(block.timestamp) + CONFIG_DELAY);
        vm.prank(admin);
        ledger.scheduleWindow(MAX_WINDOW);
        skip(CONFIG_DELAY - 1);
        assertEq(ledger.windowSeconds(), WINDOW);
        skip(1);
        assertEq(ledger.windowSeconds(), MAX_WINDOW);
        Committed memory c = nextEpoch();
        post(c);
        (,, uint64 finalisableAt,) = ledger.headerAt(c.header.epoch);
        assertEq(finalisableAt, block.timestamp + MAX_WINDOW);
    }

    function test_window_scheduledAgain_shouldGoOnFromWhatIsInForce() public {
        vm.startPrank(admin);
        ledger.scheduleWindow(MAX_WINDOW);
        skip(CONFIG_DELAY);
        ledger.scheduleWindow(WINDOW);
        assertEq(ledger.windowSeconds(), MAX_WINDOW);
        skip(CONFIG_DELAY);
        assertEq(ledger.windowSeconds(), WINDOW);
        vm.stopPrank();
    }

    function test_window_pendingHeaders_shouldKeepTheirs() public {
        Committed memory c = nextEpoch();
        post(c);
        (,, uint64 finalisableAt,) = ledger.headerAt(c.header.epoch);
        vm.prank(admin);
        ledger.scheduleWindow(MAX_WINDOW);
        skip(CONFIG_DELAY);
        (,, uint64 after_,) = ledger.headerAt(c.header.epoch);
        assertEq(after_, finalisableAt);
    }

    function test_window_shortened_shouldNotCutShortWhatIsPending() public {
        vm.startPrank(admin);
        ledger.scheduleWindow(MAX_WINDOW);
        skip(CONFIG_DELAY);
        ledger.scheduleWindow(WINDOW);
        vm.stopPrank();
        skip(CONFIG_DELAY - 1);
        Committed memory c = nextEpoch();
        post(c);
        (,, uint64 promised,) = ledger.headerAt(c.header.epoch);
        skip(1);
        assertEq(ledger.windowSeconds(), WINDOW);
        c = nextEpoch();
        post(c);
        skip(WINDOW);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.WindowOpen.selector, promised));
        ledger.finalise(c);
        vm.warp(promised);
        ledger.finalise(c);
    }

    function test_window_outOfRangeOrByAnother_shouldRevert() public {
        vm.startPrank(admin);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.WindowOutOfRange.selector, WINDOW - 1));
        ledger.scheduleWindow(WINDOW - 1);
        vm.expectRevert(abi.encodeWithSelector(MeteringLedger.WindowOutOfRange.selector, MAX_WINDOW + 1));
        ledger.scheduleWindow(MAX_WINDOW + 1);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this)));
        ledger.scheduleWindow(WINDOW);
    }
}
