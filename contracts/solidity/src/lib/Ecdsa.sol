// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Low-s secp256k1 recovery
/// @notice Both forms of wire.md: 65 bytes `r || s || v` (v 27 or 28) and 64 bytes of EIP-2098.
/// An unusable signature recovers to the zero address; nothing here reverts.
library Ecdsa {
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @notice Recovers the signer of a 65-byte signature.
    function recover65(bytes32 digest, bytes calldata signature) internal pure returns (address) {
        if (signature.length != 65) return address(0);
        uint8 v = uint8(signature[64]);
        if (v != 27 && v != 28) return address(0);
        return _recover(digest, v, bytes32(signature[:32]), bytes32(signature[32:64]));
    }

    /// @notice Recovers the signer of a compact signature.
    function recover64(bytes32 digest, bytes32 r, bytes32 vs) internal pure returns (address) {
        bytes32 s = vs & bytes32(uint256(type(uint256).max >> 1));
        return _recover(digest, uint8(27 + (uint256(vs) >> 255)), r, s);
    }

    function _recover(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private pure returns (address) {
        if (uint256(s) > HALF_ORDER) return address(0);
        return ecrecover(digest, v, r, s);
    }
}
