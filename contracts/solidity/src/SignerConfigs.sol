// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {EpochHeader} from "./lib/Types.sol";
import {Ecdsa} from "./lib/Ecdsa.sol";
import {Wire} from "./lib/Wire.sol";

/// @title Versions of the signer set
/// @notice Who may sign headers, and which key signs attestations. The owner proposes, anyone activates when the delay
/// is over. A proposal that changes nothing but the attestation key has no delay, so that a dropped or expiring hot
/// key never stops the ledger: headers need the same quorum as before.
abstract contract SignerConfigs is Ownable2Step {
    struct SignerConfig {
        address attestationKey;
        uint64 effectiveAt;
        uint8 threshold;
        uint8 count;
        bool activated;
        bytes32 digest;
        address[32] signers;
    }

    /// @notice Most signers of one version.
    uint256 public constant MAX_SIGNERS = 32;

    /// @notice Names this deployment on all chains.
    bytes32 public immutable deploymentId;
    /// @notice Seconds from a proposal until it can be activated.
    uint64 public immutable configDelay;
    bytes32 private immutable _headerDomain;

    /// @notice The version in force.
    uint64 public configVersion;
    /// @notice The latest version proposed.
    uint64 public latestVersion;
    /// @notice Attestation keys that were proven to have lied. They are never taken again.
    mapping(address key => bool) public keyDropped;

    mapping(uint64 version => SignerConfig) private _configs;

    event SignerConfigProposed(
        uint64 indexed version,
        bytes32 configDigest,
        uint8 threshold,
        address[] signers,
        address attestationKey,
        uint64 effectiveAt
    );
    event SignerConfigActivated(uint64 indexed version, bytes32 configDigest);

    error BadSignerCount(uint256 count);
    error BadThreshold(uint8 threshold);
    error SignersNotAscending(uint256 index);
    error BadAttestationKey(address key);
    error VersionNotNew(uint64 version, uint64 latest);
    error VersionNotProposed(uint64 version);
    error VersionSuperseded(uint64 version);
    error VersionNotEffective(uint64 effectiveAt);
    error UnknownConfig(uint64 version);
    error WrongConfig(bytes32 expected, bytes32 given);
    error UnknownSignerBit(uint32 signerBitmap);
    error QuorumMissing(uint256 given, uint256 needed);
    error BadSignatureLength(uint256 length);
    error BadSignature(uint256 signerIndex);

    constructor(bytes32 deploymentId_, uint64 configDelay_) {
        deploymentId = deploymentId_;
        configDelay = configDelay_;
        _headerDomain = Wire.headerDomain(deploymentId_);
    }

    /// @notice Proposes a new version of the signer set.
    /// @param version higher than any proposed before; both chains use the same number for the same set.
    /// @param signers strictly ascending, 1 to 32.
    function proposeConfig(uint64 version, uint8 threshold, address[] calldata signers, address attestationKey)
        external
        onlyOwner
    {
        if (version <= latestVersion) revert VersionNotNew(version, latestVersion);
        uint64 delay = _sameQuorum(threshold, signers) ? 0 : configDelay;
        _propose(version, threshold, signers, attestationKey, uint64(block.timestamp) + delay);
    }

    /// @notice Puts a proposed version in force. Anyone.
    function activateConfig(uint64 version) external {
        SignerConfig storage config = _configs[version];
        if (config.count == 0) revert VersionNotProposed(version);
        if (version <= configVersion) revert VersionSuperseded(version);
        if (block.timestamp < config.effectiveAt) revert VersionNotEffective(config.effectiveAt);
        _activate(version);
    }

    /// @notice A version's content; `signers` has `count` entries in use.
    function configOf(uint64 version) external view returns (SignerConfig memory) {
        return _configs[version];
    }

    /// @notice Digest of the version in force, which headers must name.
    function configDigest() public view returns (bytes32) {
        return _configs[configVersion].digest;
    }

    /// @notice Domain separator of headers; the same on all chains.
    function headerDomainSeparator() external view returns (bytes32) {
        return _headerDomain;
    }

    /// @dev A version that is or was in force. Reverts for others.
    function _knownConfig(uint64 version) internal view returns (SignerConfig storage config) {
        config = _configs[version];
        if (!config.activated) revert UnknownConfig(version);
    }

    /// @dev Reverts unless a quorum of the version signed the header and the header names that version.
    function _checkQuorum(
        uint64 version,
        EpochHeader calldata header,
        bytes32 headerHash,
        uint32 signerBitmap,
        bytes calldata signatures
    ) internal view {
        SignerConfig storage config = _knownConfig(version);
        bytes32 expected = config.digest;
        if (header.configDigest != expected) revert WrongConfig(expected, header.configDigest);
        if (uint256(signerBitmap) >> config.count != 0) revert UnknownSignerBit(signerBitmap);
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", _headerDomain, headerHash));
        uint256 given = 0;
        for (uint256 i = 0; signerBitmap >> i != 0; ++i) {
            if ((signerBitmap >> i) & 1 == 0) continue;
            uint256 at = given * 64;
            if (signatures.length < at + 64) revert BadSignatureLength(signatures.length);
            address signer =
                Ecdsa.recover64(digest, bytes32(signatures[at:at + 32]), bytes32(signatures[at + 32:at + 64]));
            if (signer == address(0) || signer != config.signers[i]) revert BadSignature(i);
            ++given;
        }
        if (given < config.threshold) revert QuorumMissing(given, config.threshold);
        if (signatures.length != given * 64) revert BadSignatureLength(signatures.length);
    }

    /// @dev Version 1, in force at once; for constructors.
    function _initConfig(uint8 threshold, address[] memory signers, address attestationKey) internal {
        _propose(1, threshold, signers, attestationKey, uint64(block.timestamp));
        _activate(1);
    }

    function _propose(
        uint64 version,
        uint8 threshold,
        address[] memory signers,
        address attestationKey,
        uint64 effectiveAt
    ) private {
        uint256 count = signers.length;
        if (count == 0 || count > MAX_SIGNERS) revert BadSignerCount(count);
        if (threshold == 0 || threshold > count) revert BadThreshold(threshold);
        if (attestationKey == address(0) || keyDropped[attestationKey]) revert BadAttestationKey(attestationKey);
        SignerConfig storage config = _configs[version];
        address last = address(0);
        for (uint256 i = 0; i < count; ++i) {
            if (signers[i] <= last) revert SignersNotAscending(i);
            last = signers[i];
            config.signers[i] = last;
        }
        bytes32 digest = Wire.configDigest(deploymentId, version, threshold, signers, attestationKey);
        config.attestationKey = attestationKey;
        config.effectiveAt = effectiveAt;
        config.threshold = threshold;
        config.count = uint8(count);
        config.digest = digest;
        latestVersion = version;
        emit SignerConfigProposed(version, digest, threshold, signers, attestationKey, effectiveAt);
    }

    function _activate(uint64 version) private {
        SignerConfig storage config = _configs[version];
        config.activated = true;
        configVersion = version;
        emit SignerConfigActivated(version, config.digest);
    }

    function _sameQuorum(uint8 threshold, address[] calldata signers) private view returns (bool) {
        SignerConfig storage current = _configs[configVersion];
        if (threshold != current.threshold || signers.length != current.count) return false;
        for (uint256 i = 0; i < signers.length; ++i) {
            if (signers[i] != current.signers[i]) return false;
        }
        return true;
    }
}
