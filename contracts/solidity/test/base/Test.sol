// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Vm} from "./Vm.sol";

/// @notice What a test needs and no more. A failed assertion reverts with what was expected and what was found.
abstract contract Test {
    bool public constant IS_TEST = true;
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 internal constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    struct Account {
        address addr;
        uint256 key;
    }

    error NotEqualUint(uint256 found, uint256 expected);
    error NotEqualAddress(address found, address expected);
    error NotEqualBytes32(bytes32 found, bytes32 expected);
    error NotEqualBytes(bytes found, bytes expected);
    error NotTrue();
    error NotFalse();
    error TooMuch(uint256 found, uint256 limit);

    function makeAccount(string memory name) internal returns (Account memory account) {
        account.key = uint256(keccak256(bytes(name))) % CURVE_ORDER;
        account.addr = vm.addr(account.key);
        vm.label(account.addr, name);
    }

    function makeAddress(string memory name) internal returns (address) {
        return makeAccount(name).addr;
    }

    function assertEq(uint256 found, uint256 expected) internal pure {
        if (found != expected) revert NotEqualUint(found, expected);
    }

    function assertEq(address found, address expected) internal pure {
        if (found != expected) revert NotEqualAddress(found, expected);
    }

    function assertEq(bytes32 found, bytes32 expected) internal pure {
        if (found != expected) revert NotEqualBytes32(found, expected);
    }

    function assertEq(bytes memory found, bytes memory expected) internal pure {
        if (keccak256(found) != keccak256(expected)) revert NotEqualBytes(found, expected);
    }

    function assertEq(string memory found, string memory expected) internal pure {
        assertEq(bytes(found), bytes(expected));
    }

    function assertTrue(bool condition) internal pure {
        if (!condition) revert NotTrue();
    }

    function assertFalse(bool condition) internal pure {
        if (condition) revert NotFalse();
    }

    function assertLe(uint256 found, uint256 limit) internal pure {
        if (found > limit) revert TooMuch(found, limit);
    }

    /// @notice `value` folded into [min, max].
    function bound(uint256 value, uint256 min, uint256 max) internal pure returns (uint256) {
        if (value >= min && value <= max) return value;
        uint256 size = max - min + 1;
        return size == 0 ? value : min + value % size;
    }

    function skip(uint256 seconds_) internal {
        vm.warp(block.timestamp + seconds_);
    }

    /// @notice 65-byte signature r, s, v.
    function sign(Account memory account, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(account.key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @notice 64-byte signature of EIP-2098.
    function signCompact(Account memory account, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(account.key, digest);
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    /// @notice The same signature with s in the upper half.
    function flip(bytes memory signature) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        return abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    function split(bytes memory signature) internal pure returns (bytes32 r, bytes32 s, uint8 v) {
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
            v := byte(0, mload(add(signature, 0x60)))
        }
    }
}
