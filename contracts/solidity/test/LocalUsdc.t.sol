// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {LocalUsdc} from "../src/local/LocalUsdc.sol";
import {LocalUsdcProxy} from "../src/local/LocalUsdcProxy.sol";
import {UsdcTest} from "./base/UsdcTest.sol";

/// @notice A contract wallet that accepts one digest.
contract Wallet is IERC1271 {
    bytes32 public accepted;

    function accept(bytes32 digest) external {
        accepted = digest;
    }

    function isValidSignature(bytes32 digest, bytes memory) external view returns (bytes4) {
        return digest == accepted ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract LocalUsdcTest is UsdcTest {
    Account internal payer;
    address internal payee;
    address internal stranger;
    bytes32 internal constant NONCE = keccak256("nonce");
    uint256 internal constant BEFORE = 2_000_000_000;

    function setUp() public override {
        super.setUp();
        payer = makeAccount("payer");
        payee = makeAddress("payee");
        stranger = makeAddress("stranger");
        give(payer.addr, 1_000_000);
    }

    function test_domainSeparator_shouldEqualTheRealOne() public view {
        assertEq(token.DOMAIN_SEPARATOR(), REAL_DOMAIN_SEPARATOR);
        assertEq(token.version(), "2");
        assertEq(token.decimals(), 6);
    }

    function test_initialize_twice_shouldRevert() public {
        vm.expectRevert("FiatToken: contract is already initialized");
        token.initialize("x", "x", "x", 6, stranger, stranger, stranger, stranger);
    }

    function test_balances_shouldLieWhereCircleKeepsThem() public view {
        assertEq(uint256(vm.load(address(usdc), keccak256(abi.encode(payer.addr, 9)))), 1_000_000);
    }

    function test_proxy_shouldHideItselfFromAllButItsAdmin() public {
        LocalUsdcProxy proxy = LocalUsdcProxy(address(usdc));
        vm.expectRevert("LocalUsdcProxy: already installed");
        proxy.install(address(this), stranger);
        vm.expectRevert("Cannot call fallback function from the proxy admin");
        vm.prank(usdcAdmin);
        token.balanceOf(payee);
        vm.prank(usdcAdmin);
        assertEq(proxy.admin(), usdcAdmin);
        vm.prank(usdcAdmin);
        address old = proxy.implementation();
        vm.expectRevert();
        proxy.implementation();
        vm.expectRevert();
        proxy.admin();
        vm.expectRevert();
        proxy.upgradeTo(address(this));
        LocalUsdc next = new LocalUsdc();
        vm.prank(usdcAdmin);
        proxy.upgradeTo(address(next));
        vm.prank(usdcAdmin);
        assertTrue(proxy.implementation() != old);
        assertEq(token.balanceOf(payer.addr), 1_000_000);
    }

    function test_install_withoutCode_shouldRevert() public {
        LocalUsdcProxy proxy = new LocalUsdcProxy();
        vm.expectRevert("LocalUsdcProxy: no code");
        proxy.install(stranger, stranger);
    }

    // ---- EIP-3009

    function test_transferWithAuthorization_bothForms_shouldMoveOnce() public {
        bytes memory signature = sign(payer, transferDigest(payer.addr, payee, 10, BEFORE, NONCE));
        vm.expectEmit(address(usdc));
        emit LocalUsdc.AuthorizationUsed(payer.addr, NONCE);
        vm.expectEmit(address(usdc));
        emit LocalUsdc.Transfer(payer.addr, payee, 10);
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, signature);
        assertTrue(usdc.authorizationState(payer.addr, NONCE));
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        vm.expectRevert("FiatTokenV2: authorization is used or canceled");
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, v, r, s);

        bytes32 nonce = keccak256("second");
        (r, s, v) = split(sign(payer, transferDigest(payer.addr, payee, 5, BEFORE, nonce)));
        usdc.transferWithAuthorization(payer.addr, payee, 5, 0, BEFORE, nonce, v, r, s);
        assertEq(token.balanceOf(payee), 15);
    }

    function test_authorization_badSignature_shouldRevert() public {
        bytes memory signature = sign(payer, transferDigest(payer.addr, payee, 10, BEFORE, NONCE));
        vm.expectRevert("ECRecover: invalid signature 's' value");
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, flip(signature));
        vm.expectRevert("FiatTokenV2: invalid signature");
        usdc.transferWithAuthorization(payer.addr, payee, 11, 0, BEFORE, NONCE, signature);
        vm.expectRevert("ECRecover: invalid signature length");
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, "");
        (bytes32 r, bytes32 s,) = split(signature);
        vm.expectRevert("ECRecover: invalid signature 'v' value");
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, 0, r, s);
        vm.expectRevert("ECRecover: invalid signature");
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, 27, 0, s);
    }

    function test_authorization_outOfTime_shouldRevert() public {
        bytes memory signature = sign(payer, transferDigest(payer.addr, payee, 10, BEFORE, NONCE));
        vm.expectRevert("FiatTokenV2: authorization is not yet valid");
        usdc.transferWithAuthorization(payer.addr, payee, 10, block.timestamp, BEFORE, NONCE, signature);
        vm.expectRevert("FiatTokenV2: authorization is expired");
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, block.timestamp, NONCE, signature);
    }

    function test_receiveWithAuthorization_shouldNeedThePayee() public {
        bytes memory signature = sign(payer, receiveDigest(payer.addr, payee, 10, BEFORE, NONCE));
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        vm.expectRevert("FiatTokenV2: caller must be the payee");
        usdc.receiveWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, signature);
        vm.expectRevert("FiatTokenV2: caller must be the payee");
        usdc.receiveWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, v, r, s);
        vm.prank(payee);
        usdc.receiveWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, signature);
        bytes32 nonce = keccak256("second");
        (r, s, v) = split(sign(payer, receiveDigest(payer.addr, payee, 10, BEFORE, nonce)));
        vm.prank(payee);
        usdc.receiveWithAuthorization(payer.addr, payee, 10, 0, BEFORE, nonce, v, r, s);
        assertEq(token.balanceOf(payee), 20);
    }

    function test_cancelAuthorization_bothForms_shouldUseTheNonceUp() public {
        vm.expectEmit(address(usdc));
        emit LocalUsdc.AuthorizationCanceled(payer.addr, NONCE);
        token.cancelAuthorization(payer.addr, NONCE, sign(payer, cancelDigest(payer.addr, NONCE)));
        bytes memory signature = sign(payer, transferDigest(payer.addr, payee, 10, BEFORE, NONCE));
        vm.expectRevert("FiatTokenV2: authorization is used or canceled");
        usdc.transferWithAuthorization(payer.addr, payee, 10, 0, BEFORE, NONCE, signature);
        bytes32 nonce = keccak256("second");
        (bytes32 r, bytes32 s, uint8 v) = split(sign(payer, cancelDigest(payer.addr, nonce)));
        token.cancelAuthorization(payer.addr, nonce, v, r, s);
        assertTrue(usdc.authorizationState(payer.addr, nonce));
        vm.expectRevert("FiatTokenV2: invalid signature");
        token.cancelAuthorization(payer.addr, keccak256("third"), signature);
    }

    function test_authorization_ofAContractWallet_shouldAskIt() public {
        Wallet wallet = new Wallet();
        give(address(wallet), 100);
        vm.expectRevert("FiatTokenV2: invalid signature");
        usdc.transferWithAuthorization(address(wallet), payee, 10, 0, BEFORE, NONCE, "any");
        wallet.accept(transferDigest(address(wallet), payee, 10, BEFORE, NONCE));
        usdc.transferWithAuthorization(address(wallet), payee, 10, 0, BEFORE, NONCE, "any");
        assertEq(token.balanceOf(payee), 10);
    }

    // ---- EIP-2612

    function test_permit_bothForms_shouldSetTheAllowanceOnce() public {
        bytes memory signature = sign(payer, permitDigest(payer.addr, payee, 70, BEFORE));
        usdc.permit(payer.addr, payee, 70, BEFORE, signature);
        assertEq(token.allowance(payer.addr, payee), 70);
        vm.expectRevert("EIP2612: invalid signature");
        usdc.permit(payer.addr, payee, 70, BEFORE, signature);
        (bytes32 r, bytes32 s, uint8 v) = split(sign(payer, permitDigest(payer.addr, payee, 7, BEFORE)));
        usdc.permit(payer.addr, payee, 7, BEFORE, v, r, s);
        assertEq(token.allowance(payer.addr, payee), 7);
        vm.expectRevert("FiatTokenV2: permit is expired");
        usdc.permit(payer.addr, payee, 7, block.timestamp - 1, v, r, s);
    }

    // ---- ERC-20, roles

    function test_transferFrom_shouldCountTheAllowanceDownUnlessUnlimited() public {
        vm.prank(payer.addr);
        usdc.approve(payee, 20);
        vm.prank(payee);
        usdc.transferFrom(payer.addr, payee, 15);
        assertEq(token.allowance(payer.addr, payee), 5);
        vm.expectRevert("ERC20: transfer amount exceeds allowance");
        vm.prank(payee);
        usdc.transferFrom(payer.addr, payee, 6);
        vm.startPrank(payer.addr);
        token.increaseAllowance(payee, 5);
        token.decreaseAllowance(payee, 1);
        assertEq(token.allowance(payer.addr, payee), 9);
        vm.expectRevert("ERC20: decreased allowance below zero");
        token.decreaseAllowance(payee, 10);
        usdc.approve(payee, type(uint256).max);
        vm.stopPrank();
        vm.prank(payee);
        usdc.transferFrom(payer.addr, payee, 1);
        assertEq(token.allowance(payer.addr, payee), type(uint256).max);
    }

    function test_transfer_ofTooMuchOrToNobody_shouldRevert() public {
        vm.startPrank(payer.addr);
        vm.expectRevert("ERC20: transfer amount exceeds balance");
        usdc.transfer(payee, 1_000_001);
        vm.expectRevert("ERC20: transfer to the zero address");
        usdc.transfer(address(0), 1);
        vm.expectRevert("ERC20: approve to the zero address");
        usdc.approve(address(0), 1);
        vm.expectRevert("Blacklistable: account is blacklisted");
        usdc.transfer(address(usdc), 1);
        vm.stopPrank();
    }

    function test_blacklist_shouldStopBothSidesAndKeepTheBalance() public {
        blacklist(payer.addr);
        assertTrue(token.isBlacklisted(payer.addr));
        assertEq(token.balanceOf(payer.addr), 1_000_000);
        vm.expectRevert("Blacklistable: account is blacklisted");
        vm.prank(payer.addr);
        usdc.transfer(payee, 1);
        bytes memory signature = sign(payer, transferDigest(payer.addr, payee, 1, BEFORE, NONCE));
        vm.expectRevert("Blacklistable: account is blacklisted");
        usdc.transferWithAuthorization(payer.addr, payee, 1, 0, BEFORE, NONCE, signature);
        vm.prank(usdcOwner);
        token.unBlacklist(payer.addr);
        vm.prank(payer.addr);
        usdc.transfer(payee, 1);
        vm.expectRevert("Blacklistable: caller is not the blacklister");
        token.blacklist(payee);
        vm.expectRevert("Blacklistable: caller is not the blacklister");
        token.unBlacklist(payee);
    }

    function test_pause_shouldStopEverything() public {
        vm.expectRevert("Pausable: caller is not the pauser");
        token.pause();
        vm.prank(usdcOwner);
        token.pause();
        vm.expectRevert("Pausable: paused");
        vm.prank(payer.addr);
        usdc.transfer(payee, 1);
        vm.expectRevert("Pausable: paused");
        usdc.approve(payee, 1);
        vm.expectRevert("Pausable: paused");
        token.mint(payee, 1);
        vm.expectRevert("Pausable: caller is not the pauser");
        token.unpause();
        vm.prank(usdcOwner);
        token.unpause();
        vm.prank(payer.addr);
        usdc.transfer(payee, 1);
    }

    function test_mint_shouldNeedAMinterWithAllowance() public {
        vm.expectRevert("FiatToken: caller is not a minter");
        vm.prank(stranger);
        token.mint(payee, 1);
        vm.expectRevert("FiatToken: caller is not the masterMinter");
        token.configureMinter(stranger, 1);
        vm.prank(usdcOwner);
        token.configureMinter(stranger, 5);
        vm.startPrank(stranger);
        vm.expectRevert("FiatToken: mint amount not greater than 0");
        token.mint(payee, 0);
        vm.expectRevert("FiatToken: mint to the zero address");
        token.mint(address(0), 1);
        token.mint(payee, 4);
        vm.expectRevert("FiatToken: mint amount exceeds minterAllowance");
        token.mint(payee, 2);
        vm.stopPrank();
        assertEq(token.totalSupply(), 1_000_004);
        vm.expectRevert("FiatToken: caller is not the masterMinter");
        token.removeMinter(stranger);
        vm.prank(usdcOwner);
        token.removeMinter(stranger);
        assertFalse(token.isMinter(stranger));
    }

    function test_burn_shouldNeedAMinterWithBalance() public {
        vm.expectRevert("FiatToken: caller is not a minter");
        vm.prank(payer.addr);
        token.burn(1);
        vm.expectRevert("FiatToken: burn amount not greater than 0");
        token.burn(0);
        vm.expectRevert("FiatToken: burn amount exceeds balance");
        token.burn(1);
        give(address(this), 3);
        token.burn(2);
        assertEq(token.balanceOf(address(this)), 1);
        assertEq(token.totalSupply(), 1_000_001);
    }
}
