// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IUsdc} from "../../src/interfaces/IUsdc.sol";
import {LocalUsdc} from "../../src/local/LocalUsdc.sol";
import {LocalUsdcProxy} from "../../src/local/LocalUsdcProxy.sol";
import {Test} from "./Test.sol";

/// @notice Base Sepolia with a local USDC at the real address, and signatures for it.
abstract contract UsdcTest is Test {
    IUsdc internal constant usdc = IUsdc(0x036CbD53842c5426634e7929541eC2318f3dCF7e);
    LocalUsdc internal constant token = LocalUsdc(address(usdc));
    bytes32 internal constant REAL_DOMAIN_SEPARATOR =
        0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818;

    address internal immutable usdcAdmin = makeAddress("usdcAdmin");
    address internal immutable usdcOwner = makeAddress("usdcOwner");

    function setUp() public virtual {
        vm.chainId(84532);
        vm.warp(1_800_000_000);
        LocalUsdc implementation = new LocalUsdc();
        vm.etch(address(usdc), type(LocalUsdcProxy).runtimeCode);
        LocalUsdcProxy(address(usdc)).install(address(implementation), usdcAdmin);
        token.initialize("USDC", "USDC", "USD", 6, usdcOwner, usdcOwner, usdcOwner, usdcOwner);
        vm.prank(usdcOwner);
        token.configureMinter(address(this), type(uint256).max);
    }

    function give(address to, uint256 amount) internal {
        token.mint(to, amount);
    }

    function blacklist(address account) internal {
        vm.prank(usdcOwner);
        token.blacklist(account);
    }

    function transferDigest(address from, address to, uint256 value, uint256 validBefore, bytes32 nonce)
        internal
        view
        returns (bytes32)
    {
        bytes32 typehash = token.TRANSFER_WITH_AUTHORIZATION_TYPEHASH();
        return _usdcDigest(keccak256(abi.encode(typehash, from, to, value, 0, validBefore, nonce)));
    }

    function receiveDigest(address from, address to, uint256 value, uint256 validBefore, bytes32 nonce)
        internal
        view
        returns (bytes32)
    {
        bytes32 typehash = token.RECEIVE_WITH_AUTHORIZATION_TYPEHASH();
        return _usdcDigest(keccak256(abi.encode(typehash, from, to, value, 0, validBefore, nonce)));
    }

    function permitDigest(address owner, address spender, uint256 value, uint256 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 typehash = token.PERMIT_TYPEHASH();
        return _usdcDigest(keccak256(abi.encode(typehash, owner, spender, value, token.nonces(owner), deadline)));
    }

    function cancelDigest(address authorizer, bytes32 nonce) internal view returns (bytes32) {
        return _usdcDigest(keccak256(abi.encode(token.CANCEL_AUTHORIZATION_TYPEHASH(), authorizer, nonce)));
    }

    function _usdcDigest(bytes32 structHash) private view returns (bytes32) {
        return keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), structHash));
    }
}
