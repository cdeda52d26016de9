// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {SignerConfigs} from "../src/SignerConfigs.sol";
import {Committed} from "../src/lib/Types.sol";
import {Wire} from "../src/lib/Wire.sol";
import {LedgerTest} from "./base/LedgerTest.sol";

contract SignerConfigsTest is LedgerTest {
    function test_first_shouldBeInForce() public view {
        SignerConfigs.SignerConfig memory config = ledger.configOf(1);
        assertTrue(config.activated);
        assertEq(config.count, 3);
        assertEq(config.threshold, 2);
        assertEq(config.attestationKey, attestor.addr);
        assertEq(config.signers[2], roots[2].addr);
        assertEq(ledger.configVersion(), 1);
        bytes32 digest = Wire.configDigest(ledger.deploymentId(), 1, 2, rootAddresses(), attestor.addr);
        assertEq(ledger.configDigest(), digest);
    }

    function test_unknownVersion_shouldHaveNoContent() public view {
        SignerConfigs.SignerConfig memory config = ledger.configOf(2);
        assertEq(config.count, 0);
        assertEq(config.digest, bytes32(0));
        assertFalse(config.activated);
    }

    /// @dev The content of a version is the code of an account, which runs nothing.
    function test_content_shouldBeCodeThatDoesNothing() public {
        address set = address(uint160(uint256(vm.load(address(ledger), bytes32(uint256(6)))) >> 64));
        bytes memory before = set.code;
        assertTrue(before.length != 0);
        assertEq(uint8(before[0]), 0);
        (bool ok, bytes memory answer) = set.call("anything");
        assertTrue(ok);
        assertEq(answer.length, 0);
        assertEq(keccak256(set.code), keccak256(before));
    }

    function test_newSigners_shouldTakeTheDelay() public {
        address[] memory signers = _one(roots[1].addr);
        uint64 effectiveAt = uint64(block.timestamp) + CONFIG_DELAY;
        bytes32 digest = Wire.configDigest(ledger.deploymentId(), 2, 1, signers, other);
        vm.expectEmit(address(ledger));
        emit SignerConfigs.SignerConfigProposed(2, digest, 1, signers, other, effectiveAt);
        _propose(2, 1, signers, other);
        skip(CONFIG_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.VersionNotEffective.selector, effectiveAt));
        ledger.activateConfig(2);
        Committed memory c = nextEpoch();
        skip(1);
        vm.expectEmit(address(ledger));
        emit SignerConfigs.SignerConfigActivated(2, digest);
        vm.prank(other);
        ledger.activateConfig(2);
        bytes memory signatures = quorum(c.header, 3);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.WrongConfig.selector, digest, c.header.configDigest));
        ledger.post(c.header, c.body, 3, signatures);
        c = nextEpoch();
        bytes memory signature = signCompact(roots[1], headerDigest(c.header));
        ledger.post(c.header, c.body, 1, signature);
    }

    function test_newAttestationKeyOnly_shouldTakeNoDelay() public {
        _propose(2, 2, rootAddresses(), other);
        ledger.activateConfig(2);
        assertEq(ledger.configOf(2).attestationKey, other);
    }

    function test_newThresholdOrSigner_shouldTakeTheDelay() public {
        _propose(2, 3, rootAddresses(), attestor.addr);
        assertEq(ledger.configOf(2).effectiveAt, block.timestamp + CONFIG_DELAY);
        address[] memory signers = rootAddresses();
        signers[2] = address(uint160(signers[2]) + 1);
        _propose(3, 2, signers, attestor.addr);
        assertEq(ledger.configOf(3).effectiveAt, block.timestamp + CONFIG_DELAY);
    }

    /// @dev Else an owner could leave a proposal of the old quorum lie, and bring it back at once.
    function test_oldQuorum_afterAnotherTookOver_shouldTakeTheDelay() public {
        _propose(2, 1, _one(roots[1].addr), other);
        skip(CONFIG_DELAY - 1);
        _propose(3, 2, rootAddresses(), other);
        uint64 effectiveAt = uint64(block.timestamp) + CONFIG_DELAY;
        assertEq(ledger.configOf(3).effectiveAt, block.timestamp);
        skip(1);
        ledger.activateConfig(2);
        assertEq(ledger.configOf(3).effectiveAt, effectiveAt);
        assertEq(ledger.configOf(1).effectiveAt, effectiveAt - 2 * CONFIG_DELAY + 1);
        _expectNotEffective(3, effectiveAt);
        skip(CONFIG_DELAY - 2);
        _expectNotEffective(3, effectiveAt);
        skip(1);
        ledger.activateConfig(3);
        assertEq(ledger.configVersion(), 3);
        assertEq(ledger.configOf(3).effectiveAt, effectiveAt - CONFIG_DELAY);
    }

    function test_sameQuorum_afterAnotherKeyTookOver_shouldTakeNoDelay() public {
        _propose(2, 2, rootAddresses(), other);
        _propose(3, 2, rootAddresses(), publisher);
        ledger.activateConfig(2);
        ledger.activateConfig(3);
        assertEq(ledger.configOf(3).attestationKey, publisher);
    }

    /// @dev Threshold, number and addresses of the signers: each alone makes another quorum.
    function test_proposalWithoutDelay_whileAnyPartOfTheQuorumDiffers_shouldWait() public {
        address[] memory three = rootAddresses();
        address[] memory changed = rootAddresses();
        changed[2] = address(uint160(changed[2]) + 1);
        address[] memory two = new address[](2);
        (two[0], two[1]) = (three[0], three[1]);
        _takeOver(2, 3, three);
        _takeOver(4, 2, changed);
        _takeOver(6, 2, two);
    }

    function test_versions_shouldGoForwardOnly() public {
        _propose(5, 3, rootAddresses(), attestor.addr);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.VersionNotNew.selector, 5, 5));
        _propose(5, 3, rootAddresses(), attestor.addr);
        _propose(6, 1, rootAddresses(), attestor.addr);
        skip(CONFIG_DELAY);
        ledger.activateConfig(6);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.VersionSuperseded.selector, 5));
        ledger.activateConfig(5);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.VersionSuperseded.selector, 6));
        ledger.activateConfig(6);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.VersionNotProposed.selector, 7));
        ledger.activateConfig(7);
    }

    function test_propose_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, other));
        vm.prank(other);
        ledger.proposeConfig(2, 1, _one(other), other);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.BadSignerCount.selector, 0));
        _propose(2, 1, new address[](0), other);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.BadSignerCount.selector, 33));
        _propose(2, 1, new address[](33), other);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.BadThreshold.selector, 0));
        _propose(2, 0, _one(other), other);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.BadThreshold.selector, 2));
        _propose(2, 2, _one(other), other);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.BadAttestationKey.selector, address(0)));
        _propose(2, 1, _one(other), address(0));
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.SignersNotAscending.selector, 0));
        _propose(2, 1, _one(address(0)), other);
        address[] memory signers = rootAddresses();
        signers[1] = signers[0];
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.SignersNotAscending.selector, 1));
        _propose(2, 1, signers, other);
    }

    function test_32Signers_shouldPost() public {
        Account[] memory all = _sorted(32);
        address[] memory signers = new address[](32);
        for (uint256 i = 0; i < 32; ++i) {
            signers[i] = all[i].addr;
        }
        _propose(2, 32, signers, other);
        skip(CONFIG_DELAY);
        ledger.activateConfig(2);
        Committed memory c = nextEpoch();
        bytes32 digest = headerDigest(c.header);
        bytes memory signatures;
        for (uint256 i = 0; i < 32; ++i) {
            signatures = bytes.concat(signatures, signCompact(all[i], digest));
        }
        ledger.post(c.header, c.body, type(uint32).max, signatures);
    }

    /// @dev Another quorum takes over while the proposal of the one in force lies; then that is brought back.
    function _takeOver(uint64 version, uint8 threshold, address[] memory signers) private {
        _propose(version, threshold, signers, other);
        skip(CONFIG_DELAY - 1);
        _propose(version + 1, 2, rootAddresses(), other);
        skip(1);
        ledger.activateConfig(version);
        _expectNotEffective(version + 1, uint64(block.timestamp) + CONFIG_DELAY - 1);
        skip(CONFIG_DELAY - 1);
        ledger.activateConfig(version + 1);
    }

    function _expectNotEffective(uint64 version, uint64 effectiveAt) private {
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.VersionNotEffective.selector, effectiveAt));
        ledger.activateConfig(version);
    }

    function _propose(uint64 version, uint8 threshold, address[] memory signers, address key) private {
        vm.prank(admin);
        ledger.proposeConfig(version, threshold, signers, key);
    }

    function _one(address signer) private pure returns (address[] memory signers) {
        signers = new address[](1);
        signers[0] = signer;
    }

    function _sorted(uint256 count) private returns (Account[] memory all) {
        all = new Account[](count);
        for (uint256 i = 0; i < count; ++i) {
            Account memory fresh = makeAccount(vm.toString(i));
            uint256 at = i;
            while (at > 0 && all[at - 1].addr > fresh.addr) {
                all[at] = all[at - 1];
                --at;
            }
            all[at] = fresh;
        }
    }
}
