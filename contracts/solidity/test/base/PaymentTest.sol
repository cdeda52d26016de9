// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Payment} from "../../src/lib/Types.sol";
import {Wire} from "../../src/lib/Wire.sol";
import {TachiTest} from "./TachiTest.sol";

/// @notice Direct payments in both ways.
abstract contract PaymentTest is TachiTest {
    uint256 internal constant BEFORE = 2_000_000_000;
    uint256 internal id;
    address internal vault;

    function setUp() public virtual override {
        super.setUp();
        id = mintLicense();
        vault = processor.vaultOf(id);
        give(crawler.addr, 1_000_000_000);
        vm.prank(crawler.addr);
        usdc.approve(address(processor), type(uint256).max);
        vm.prank(crawler.addr);
        usdc.approve(address(resolver), type(uint256).max);
        give(publisher, 1_000_000_000);
        vm.prank(publisher);
        usdc.approve(address(resolver), type(uint256).max);
    }

    function pay(uint256 amount, string memory nonce) internal returns (Payment memory) {
        vm.prank(crawler.addr);
        bytes32 paymentId = processor.pay(id, amount, keccak256(bytes(nonce)));
        return Payment(paymentId, id, crawler.addr, amount, uint64(block.timestamp));
    }

    function settle(uint256 amount, string memory nonce) internal returns (Payment memory) {
        bytes32 n = keccak256(bytes(nonce));
        bytes memory signature = authorize(amount, n);
        bytes32 paymentId = processor.settleAuthorization(id, crawler.addr, amount, 0, BEFORE, n, signature);
        return Payment(paymentId, id, crawler.addr, amount, uint64(block.timestamp));
    }

    function authorize(uint256 amount, bytes32 nonce) internal view returns (bytes memory) {
        return sign(crawler, transferDigest(crawler.addr, vault, amount, BEFORE, nonce));
    }

    function bucketNow() internal view returns (uint64) {
        return uint64(block.timestamp) / BUCKET;
    }

    function list(Payment memory a) internal pure returns (Payment[] memory payments) {
        payments = new Payment[](1);
        payments[0] = a;
    }

    function list(Payment memory a, Payment memory b) internal pure returns (Payment[] memory payments) {
        payments = new Payment[](2);
        (payments[0], payments[1]) = (a, b);
    }

    function usdcPaymentId(bytes32 nonce) internal view returns (bytes32) {
        return Wire.paymentId(84532, address(usdc), crawler.addr, nonce);
    }

    /// @dev What a licence's vault must hold at least.
    function assertBacked() internal view {
        assertLe(processor.attributedOf(id), usdc.balanceOf(vault));
    }
}
