// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {CrawlLicense} from "../src/CrawlLicense.sol";
import {IPaymentAccounts} from "../src/interfaces/IPaymentAccounts.sol";
import {TachiTest} from "./base/TachiTest.sol";

contract CrawlLicenseTest is TachiTest {
    string internal constant TERMS = "https://example.org/terms";
    bytes32 internal constant DOMAIN = keccak256("example.org");

    // ---- mint

    function test_mint_shouldTellEverythingInEvents() public {
        uint64 nowSeconds = uint64(block.timestamp);
        vm.expectEmit(address(license));
        emit IERC721.Transfer(address(0), publisher, 1);
        vm.expectEmit(address(license));
        emit CrawlLicense.Locked(1);
        vm.expectEmit(address(license));
        emit CrawlLicense.LicenseMinted(publisher, 1, TERMS);
        vm.expectEmit(address(license));
        emit CrawlLicense.PayoutScheduled(1, payout, nowSeconds);
        vm.expectEmit(address(license));
        emit CrawlLicense.RecoverySet(1, recovery);
        uint256 id = mintLicense();
        assertEq(id, 1);
        assertEq(license.ownerOf(id), publisher);
        assertEq(license.tokenURI(id), TERMS);
        assertEq(license.payoutOf(id), payout);
        assertTrue(license.isPayable(id));
        assertTrue(license.locked(id));
        assertEq(license.licenses(id).recovery, recovery);
    }

    function test_mint_severalByOneAddress_shouldNumberThem() public {
        assertEq(mintLicense(), 1);
        vm.prank(publisher);
        assertEq(license.mint(TERMS, other, address(0)), 2);
        assertEq(license.balanceOf(publisher), 2);
        assertEq(license.totalSupply(), 2);
    }

    function test_mint_incomplete_shouldRevert() public {
        vm.expectRevert(CrawlLicense.EmptyTermsURI.selector);
        license.mint("", payout, recovery);
        vm.expectRevert(CrawlLicense.ZeroAddress.selector);
        license.mint(TERMS, address(0), recovery);
    }

    function test_unknownLicense_shouldBeRefused() public {
        assertFalse(license.isPayable(9));
        bytes memory reason = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9);
        vm.expectRevert(reason);
        license.payoutOf(9);
        vm.expectRevert(reason);
        license.locked(9);
        vm.expectRevert(reason);
        license.tokenURI(9);
        vm.expectRevert(reason);
        license.deactivate(9);
        vm.expectRevert(reason);
        vm.prank(address(resolver));
        license.suspend(9);
    }

    function test_supportsInterface_shouldNameTheStandards() public view {
        assertTrue(license.supportsInterface(0x01ffc9a7));
        assertTrue(license.supportsInterface(0x80ac58cd));
        assertTrue(license.supportsInterface(0x5b5e139f));
        assertTrue(license.supportsInterface(0xb45a3c0e));
        assertTrue(license.supportsInterface(0x49064906));
        assertFalse(license.supportsInterface(0xffffffff));
    }

    // ---- soulbound

    function test_soulbound_anyTransferOrApproval_shouldRevert() public {
        uint256 id = mintLicense();
        vm.startPrank(publisher);
        vm.expectRevert(CrawlLicense.Soulbound.selector);
        license.transferFrom(publisher, other, id);
        vm.expectRevert(CrawlLicense.Soulbound.selector);
        license.safeTransferFrom(publisher, other, id);
        vm.expectRevert(CrawlLicense.Soulbound.selector);
        license.safeTransferFrom(publisher, other, id, "x");
        vm.expectRevert(CrawlLicense.Soulbound.selector);
        license.approve(other, id);
        vm.expectRevert(CrawlLicense.Soulbound.selector);
        license.setApprovalForAll(other, true);
        vm.stopPrank();
    }

    // ---- the holder's changes

    function test_deactivate_shouldStopPaymentsUntilReactivated() public {
        uint256 id = mintLicense();
        vm.startPrank(publisher);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.StateUnchanged.selector, id));
        license.reactivate(id);
        vm.expectEmit(address(license));
        emit CrawlLicense.LicenseDeactivated(id);
        license.deactivate(id);
        assertFalse(license.isPayable(id));
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.StateUnchanged.selector, id));
        license.deactivate(id);
        vm.expectEmit(address(license));
        emit CrawlLicense.LicenseReactivated(id);
        license.reactivate(id);
        assertTrue(license.isPayable(id));
        vm.stopPrank();
    }

    function test_holderOnly_byAnother_shouldRevert() public {
        uint256 id = mintLicense();
        vm.startPrank(admin);
        bytes memory reason = abi.encodeWithSelector(CrawlLicense.NotHolder.selector, id, admin);
        vm.expectRevert(reason);
        license.deactivate(id);
        vm.expectRevert(reason);
        license.reactivate(id);
        vm.expectRevert(reason);
        license.setTermsURI(id, "x");
        vm.expectRevert(reason);
        license.setPayout(id, admin);
        vm.expectRevert(reason);
        license.link(id, 1, 2);
        vm.expectRevert(reason);
        license.claimDomain(id, "example.org");
        vm.expectRevert(reason);
        license.releaseDomain(id, DOMAIN);
        vm.expectRevert(reason);
        license.cancelRecovery(id);
        vm.stopPrank();
    }

    function test_setTermsURI_shouldTellMarkets() public {
        uint256 id = mintLicense();
        vm.startPrank(publisher);
        vm.expectRevert(CrawlLicense.EmptyTermsURI.selector);
        license.setTermsURI(id, "");
        vm.expectEmit(address(license));
        emit CrawlLicense.TermsURIUpdated(id, "ipfs://x");
        vm.expectEmit(address(license));
        emit IERC4906.MetadataUpdate(id);
        license.setTermsURI(id, "ipfs://x");
        vm.stopPrank();
        assertEq(license.tokenURI(id), "ipfs://x");
    }

    function test_setPayout_shouldTakeEffectAfterTheDelay() public {
        uint256 id = mintLicense();
        uint64 effectiveAt = uint64(block.timestamp) + PAYOUT_DELAY;
        vm.startPrank(publisher);
        vm.expectRevert(CrawlLicense.ZeroAddress.selector);
        license.setPayout(id, address(0));
        vm.expectEmit(address(license));
        emit CrawlLicense.PayoutScheduled(id, other, effectiveAt);
        license.setPayout(id, other);
        skip(PAYOUT_DELAY - 1);
        assertEq(license.payoutOf(id), payout);
        skip(1);
        assertEq(license.payoutOf(id), other);
        license.setPayout(id, recovery);
        assertEq(license.payoutOf(id), other);
        assertEq(license.licenses(id).payout, other);
        skip(PAYOUT_DELAY);
        assertEq(license.payoutOf(id), recovery);
        vm.stopPrank();
    }

    function test_setPayout_again_shouldReplaceTheRunningChange() public {
        uint256 id = mintLicense();
        vm.startPrank(publisher);
        license.setPayout(id, other);
        skip(PAYOUT_DELAY - 1);
        license.setPayout(id, recovery);
        skip(PAYOUT_DELAY - 1);
        assertEq(license.payoutOf(id), payout);
        skip(1);
        assertEq(license.payoutOf(id), recovery);
        vm.stopPrank();
    }

    function test_link_shouldBeKeptAndTold() public {
        uint256 id = mintLicense();
        vm.expectEmit(address(license));
        emit CrawlLicense.LicenseLinked(id, 8453, 77);
        vm.prank(publisher);
        license.link(id, 8453, 77);
        assertEq(license.linkOf(id, 8453), 77);
    }

    // ---- suspension

    function test_suspend_byTheResolverOnly_shouldStopPayments() public {
        uint256 id = mintLicense();
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NotResolver.selector, admin));
        vm.prank(admin);
        license.suspend(id);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NotResolver.selector, admin));
        vm.prank(admin);
        license.unsuspend(id);
        vm.startPrank(arbiter);
        vm.expectEmit(address(license));
        emit CrawlLicense.LicenseSuspended(id);
        resolver.suspendLicense(id);
        assertFalse(license.isPayable(id));
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.StateUnchanged.selector, id));
        resolver.suspendLicense(id);
        vm.expectEmit(address(license));
        emit CrawlLicense.LicenseUnsuspended(id);
        resolver.unsuspendLicense(id);
        assertTrue(license.isPayable(id));
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.StateUnchanged.selector, id));
        resolver.unsuspendLicense(id);
        vm.stopPrank();
    }

    // ---- domains

    function test_claimDomain_shouldTellTheName() public {
        uint256 id = mintLicense();
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainClaimed(id, DOMAIN, "example.org");
        _claim(id);
        assertTrue(license.claims(id, DOMAIN));
        assertEq(license.licenseOf(DOMAIN), 0);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.DomainAlreadyClaimed.selector, id, DOMAIN));
        _claim(id);
    }

    function test_claimDomain_valid_shouldPass() public {
        uint256 id = mintLicense();
        string[4] memory good = ["a", "xn--bcher-kva.example", "1-2.a-b.c", "localhost"];
        for (uint256 i = 0; i < good.length; ++i) {
            vm.prank(publisher);
            license.claimDomain(id, good[i]);
        }
    }

    function test_claimDomain_invalid_shouldRevert() public {
        uint256 id = mintLicense();
        string[11] memory bad = [
            "",
            "Example.org",
            "example.org.",
            ".example.org",
            "example..org",
            "-a.org",
            "a-.org",
            "a-",
            "example.org:80",
            unicode"bücher.example",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org"
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(CrawlLicense.InvalidDomain.selector);
            vm.prank(publisher);
            license.claimDomain(id, bad[i]);
        }
        bytes memory long = new bytes(254);
        for (uint256 i = 0; i < long.length; ++i) {
            long[i] = i % 2 == 0 ? bytes1("a") : bytes1(".");
        }
        vm.expectRevert(CrawlLicense.InvalidDomain.selector);
        vm.prank(publisher);
        license.claimDomain(id, string(long));
    }

    function test_setVerified_firstProof_shouldResolve() public {
        uint256 id = mintLicense();
        _claim(id);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainVerified(id, DOMAIN);
        _verify(id, true);
        assertEq(license.licenseOf(DOMAIN), id);
        _verify(id, true);
        assertEq(license.licenseOf(DOMAIN), id);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainUnverified(id, DOMAIN);
        _verify(id, false);
        assertEq(license.licenseOf(DOMAIN), 0);
    }

    function test_setVerified_refused() public {
        uint256 id = mintLicense();
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NotRegistrar.selector, admin));
        vm.prank(admin);
        license.setVerified(id, DOMAIN, true);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.DomainNotClaimed.selector, id, DOMAIN));
        _verify(id, true);
        _claim(id);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.DomainNotVerified.selector, id, DOMAIN));
        _verify(id, false);
    }

    function test_replacement_shouldMoveTheDomainAfterTheDelay() public {
        (uint256 holder, uint256 challenger) = _replacement();
        assertEq(license.licenseOf(DOMAIN), holder);
        uint64 effectiveAt = uint64(block.timestamp) + REPLACEMENT_DELAY;
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.TooEarly.selector, effectiveAt));
        license.finishReplacement(DOMAIN);
        _verify(challenger, true);
        skip(REPLACEMENT_DELAY);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainUnverified(holder, DOMAIN);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainVerified(challenger, DOMAIN);
        license.finishReplacement(DOMAIN);
        assertEq(license.licenseOf(DOMAIN), challenger);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NoReplacement.selector, DOMAIN));
        license.finishReplacement(DOMAIN);
    }

    function test_replacement_holdersFreshProof_shouldCancel() public {
        (uint256 holder, uint256 challenger) = _replacement();
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainReplacementCancelled(challenger, DOMAIN);
        _verify(holder, true);
        skip(REPLACEMENT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NoReplacement.selector, DOMAIN));
        license.finishReplacement(DOMAIN);
        assertEq(license.licenseOf(DOMAIN), holder);
    }

    function test_replacement_byAThird_shouldStartOver() public {
        (, uint256 challenger) = _replacement();
        uint256 third = mintLicense();
        _claim(third);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainReplacementCancelled(challenger, DOMAIN);
        _verify(third, true);
        skip(REPLACEMENT_DELAY);
        license.finishReplacement(DOMAIN);
        assertEq(license.licenseOf(DOMAIN), third);
    }

    function test_replacement_proofWithdrawn_shouldCancel() public {
        (uint256 holder, uint256 challenger) = _replacement();
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainReplacementCancelled(challenger, DOMAIN);
        _verify(challenger, false);
        assertEq(license.licenseOf(DOMAIN), holder);
    }

    function test_releaseDomain_ofAChallenger_shouldCancelItsReplacement() public {
        (uint256 holder, uint256 challenger) = _replacement();
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainReplacementCancelled(challenger, DOMAIN);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainReleased(challenger, DOMAIN);
        vm.prank(publisher);
        license.releaseDomain(challenger, DOMAIN);
        assertEq(license.licenseOf(DOMAIN), holder);
    }

    function test_releaseDomain_ofTheHolder_shouldFreeTheDomain() public {
        (uint256 holder, uint256 challenger) = _replacement();
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainReplacementCancelled(challenger, DOMAIN);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainUnverified(holder, DOMAIN);
        vm.prank(publisher);
        license.releaseDomain(holder, DOMAIN);
        assertEq(license.licenseOf(DOMAIN), 0);
        _verify(challenger, true);
        assertEq(license.licenseOf(DOMAIN), challenger);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.DomainNotClaimed.selector, holder, DOMAIN));
        vm.prank(publisher);
        license.releaseDomain(holder, DOMAIN);
    }

    // ---- recovery

    function test_recovery_shouldMoveTheLicenseAfterTheDelay() public {
        uint256 id = mintLicense();
        uint64 effectiveAt = uint64(block.timestamp) + RECOVERY_DELAY;
        vm.expectEmit(address(license));
        emit CrawlLicense.RecoveryStarted(id, other, effectiveAt);
        vm.prank(recovery);
        license.startRecovery(id, other);
        skip(RECOVERY_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.TooEarly.selector, effectiveAt));
        license.finishRecovery(id);
        skip(1);
        vm.prank(publisher);
        license.setPayout(id, admin);
        vm.expectEmit(address(license));
        emit CrawlLicense.PayoutScheduled(id, payout, uint64(block.timestamp));
        vm.expectEmit(address(license));
        emit IERC721.Transfer(publisher, other, id);
        license.finishRecovery(id);
        assertEq(license.ownerOf(id), other);
        skip(PAYOUT_DELAY);
        assertEq(license.payoutOf(id), payout);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NoRecovery.selector, id));
        license.finishRecovery(id);
    }

    function test_recovery_cancelled_shouldNotFinish() public {
        uint256 id = mintLicense();
        vm.prank(recovery);
        license.startRecovery(id, other);
        vm.expectEmit(address(license));
        emit CrawlLicense.RecoveryCancelled(id);
        vm.prank(publisher);
        license.cancelRecovery(id);
        skip(RECOVERY_DELAY);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NoRecovery.selector, id));
        license.finishRecovery(id);
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NoRecovery.selector, id));
        vm.prank(recovery);
        license.cancelRecovery(id);
    }

    function test_recovery_refused() public {
        uint256 id = mintLicense();
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NotRecovery.selector, id, publisher));
        vm.prank(publisher);
        license.startRecovery(id, other);
        vm.expectRevert(CrawlLicense.ZeroAddress.selector);
        vm.prank(recovery);
        license.startRecovery(id, address(0));
    }

    function test_setRecovery_onceSet_shouldBelongToTheRecoveryAddress() public {
        uint256 id = mintLicense();
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.RecoveryAlreadySet.selector, id));
        vm.prank(publisher);
        license.setRecovery(id, publisher);
        vm.expectEmit(address(license));
        emit CrawlLicense.RecoverySet(id, other);
        vm.prank(recovery);
        license.setRecovery(id, other);
        vm.prank(publisher);
        uint256 bare = license.mint(TERMS, payout, address(0));
        vm.expectRevert(abi.encodeWithSelector(CrawlLicense.NotHolder.selector, bare, other));
        vm.prank(other);
        license.setRecovery(bare, other);
        vm.prank(publisher);
        license.setRecovery(bare, recovery);
        assertEq(license.licenses(bare).recovery, recovery);
    }

    // ---- admin

    function test_admin_shouldAppointTheRegistrarAndNothingElse() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        vm.prank(other);
        license.setRegistrar(other);
        vm.startPrank(admin);
        vm.expectEmit(address(license));
        emit CrawlLicense.RegistrarSet(other);
        license.setRegistrar(other);
        vm.expectRevert(CrawlLicense.AlreadySet.selector);
        license.setResolver(other);
        vm.expectRevert(CrawlLicense.AlreadySet.selector);
        license.setProcessor(processor);
        vm.stopPrank();
        CrawlLicense fresh = new CrawlLicense(admin, registrar, 1, 1, 1);
        vm.expectRevert(CrawlLicense.ZeroAddress.selector);
        vm.prank(admin);
        fresh.setResolver(address(0));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        vm.prank(other);
        fresh.setResolver(other);
        vm.expectRevert(CrawlLicense.ZeroAddress.selector);
        vm.prank(admin);
        fresh.setProcessor(IPaymentAccounts(address(0)));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        vm.prank(other);
        fresh.setProcessor(processor);
    }

    function test_mint_withoutAProcessor_shouldWork() public {
        CrawlLicense fresh = new CrawlLicense(admin, registrar, 1, 1, 1);
        vm.prank(publisher);
        assertTrue(fresh.isPayable(fresh.mint("https://example.org/terms", payout, recovery)));
    }

    function test_admin_shouldChangeInTwoSteps() public {
        vm.prank(admin);
        license.transferOwnership(other);
        assertEq(license.owner(), admin);
        vm.prank(other);
        license.acceptOwnership();
        assertEq(license.owner(), other);
    }

    function _claim(uint256 id) private {
        vm.prank(publisher);
        license.claimDomain(id, "example.org");
    }

    function _verify(uint256 id, bool verified) private {
        vm.prank(registrar);
        license.setVerified(id, DOMAIN, verified);
    }

    function _replacement() private returns (uint256 holder, uint256 challenger) {
        holder = mintLicense();
        challenger = mintLicense();
        _claim(holder);
        _claim(challenger);
        _verify(holder, true);
        vm.expectEmit(address(license));
        emit CrawlLicense.DomainReplacementStarted(
            challenger, DOMAIN, holder, uint64(block.timestamp) + REPLACEMENT_DELAY
        );
        _verify(challenger, true);
    }
}
