// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

import {EpochHeader} from "./lib/Types.sol";
import {Ecdsa} from "./lib/Ecdsa.sol";
import {Wire} from "./lib/Wire.sol";

/// @title Versions of the signer set
/// @notice Who may sign headers, and which key signs attestations. The owner proposes, anyone activates when the delay
/// is over. A proposal that changes nothing but the attestation key has no delay, so that a dropped or expiring hot
/// key never stops the ledger: headers need the same quorum as before. If another quorum takes over before it is
/// activated, it has the delay too.
abstract contract SignerConfigs is Ownable2Step {
    /// @notice A version's content, as `configOf` tells it. `effectiveAt` is the earliest time of activation as things are.
    struct SignerConfig {
        address attestationKey;
        uint64 effectiveAt;
        uint8 threshold;
        uint8 count;
        bool activated;
        bytes32 digest;
        address[32] signers;
    }

    /// @dev What never changes of a version. It is kept as the code of an account, because that is read at once, while
    /// each signer in storage would be a slot to read.
    struct SignerSet {
        bytes32 digest;
        address attestationKey;
        uint8 threshold;
        address[] signers;
    }

    /// @dev What is known of a version: `set` 0 if it was not proposed. `undelayed` says that it was proposed with the quorum
    /// in force, at `effectiveAt`.
    struct Version {
        address set;
        uint64 effectiveAt;
        bool activated;
        bool undelayed;
    }

    /// @notice Most signers of one version.
    uint256 public constant MAX_SIGNERS = 32;

    /// @notice Names this deployment on all chains.
    bytes32 public immutable deploymentId;
    /// @notice Seconds from a proposal until it can be activated.
    uint64 public immutable configDelay;
    bytes32 internal immutable _headerDomain;

    /// @notice The latest version proposed.
    uint64 public latestVersion;
    /// @notice Attestation keys that were proven to have lied. They are never taken again.
    mapping(address key => bool) public keyDropped;

    mapping(uint64 version => Version) private _versions;

    /// @notice The version in force.
    /// @dev Shares a slot with the address of its content, and leaves 32 bits of it to the contract that inherits.
    uint64 public configVersion;
    address private _setInForce;

    /// @dev `effectiveAt` is that of the proposal; one without delay gets it if another quorum takes over, see `configOf`.
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
        _propose(version, threshold, signers, attestationKey, _isQuorumInForce(threshold, signers));
    }

    /// @notice Puts a proposed version in force. Anyone.
    function activateConfig(uint64 version) external {
        Version memory known = _versions[version];
        if (known.set == address(0)) revert VersionNotProposed(version);
        if (version <= configVersion) revert VersionSuperseded(version);
        uint64 effectiveAt = _effectiveAt(known, _read(known.set));
        if (block.timestamp < effectiveAt) revert VersionNotEffective(effectiveAt);
        _activate(version);
    }

    /// @notice A version's content; `signers` has `count` entries in use.
    function configOf(uint64 version) external view returns (SignerConfig memory) {
        SignerConfig memory config;
        Version memory known = _versions[version];
        if (known.set == address(0)) return config;
        SignerSet memory set = _read(known.set);
        config.attestationKey = set.attestationKey;
        config.effectiveAt = _effectiveAt(known, set);
        config.threshold = set.threshold;
        config.count = uint8(set.signers.length);
        config.activated = known.activated;
        config.digest = set.digest;
        for (uint256 i = 0; i < set.signers.length; ++i) {
            config.signers[i] = set.signers[i];
        }
        return config;
    }

    /// @notice Digest of the version in force, which headers must name.
    function configDigest() public view returns (bytes32) {
        return _configInForce().digest;
    }

    /// @notice Domain separator of headers; the same on all chains.
    function headerDomainSeparator() external view returns (bytes32) {
        return _headerDomain;
    }

    function _configInForce() internal view returns (SignerSet memory) {
        return _read(_setInForce);
    }

    /// @dev A version that is or was in force. Reverts for others.
    function _knownConfig(uint64 version) internal view returns (SignerSet memory) {
        Version storage known = _versions[version];
        if (!known.activated) revert UnknownConfig(version);
        return _read(known.set);
    }

    /// @dev Reverts unless a quorum of the configuration signed the header and the header names that configuration.
    /// @param domain the ledger's or the anchor's `headerDomainSeparator`.
    function _checkQuorum(
        bytes32 domain,
        SignerSet memory config,
        EpochHeader calldata header,
        bytes32 headerHash,
        uint32 signerBitmap,
        bytes calldata signatures
    ) internal pure {
        if (header.configDigest != config.digest) {
            revert WrongConfig(config.digest, header.configDigest);
        }
        if (uint256(signerBitmap) >> config.signers.length != 0) revert UnknownSignerBit(signerBitmap);
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", domain, headerHash));
        uint256 at = 0;
        uint256 left = signerBitmap;
        for (uint256 i = 0; left != 0; ++i) {
            bool signed = left & 1 == 1;
            left >>= 1;
            if (!signed) continue;
            if (signatures.length < at + 64) revert BadSignatureLength(signatures.length);
            (bytes32 r, bytes32 vs) = abi.decode(signatures[at:], (bytes32, bytes32));
            address signer = Ecdsa.recover64(digest, r, vs);
            if (signer == address(0) || signer != config.signers[i]) revert BadSignature(i);
            at += 64;
        }
        if (at < uint256(config.threshold) * 64) revert QuorumMissing(at / 64, config.threshold);
        if (signatures.length != at) revert BadSignatureLength(signatures.length);
    }

    /// @dev Version 1, in force at once; for constructors.
    function _initConfig(uint8 threshold, address[] memory signers, address attestationKey) internal {
        _propose(1, threshold, signers, attestationKey, true);
        _activate(1);
    }

    function _propose(uint64 version, uint8 threshold, address[] memory signers, address attestationKey, bool undelayed)
        private
    {
        uint256 count = signers.length;
        if (count == 0 || count > MAX_SIGNERS) revert BadSignerCount(count);
        if (threshold == 0 || threshold > count) revert BadThreshold(threshold);
        if (attestationKey == address(0) || keyDropped[attestationKey]) revert BadAttestationKey(attestationKey);
        address last = address(0);
        for (uint256 i = 0; i < count; ++i) {
            if (signers[i] <= last) revert SignersNotAscending(i);
            last = signers[i];
        }
        bytes32 digest = Wire.configDigest(deploymentId, version, threshold, signers, attestationKey);
        address set = _write(version, SignerSet(digest, attestationKey, threshold, signers));
        uint64 effectiveAt = uint64(block.timestamp) + (undelayed ? 0 : configDelay);
        _versions[version] = Version(set, effectiveAt, false, undelayed);
        latestVersion = version;
        emit SignerConfigProposed(version, digest, threshold, signers, attestationKey, effectiveAt);
    }

    function _activate(uint64 version) private {
        Version storage known = _versions[version];
        known.activated = true;
        configVersion = version;
        _setInForce = known.set;
        emit SignerConfigActivated(version, configDigest());
    }

    /// @dev What was proposed with the quorum in force has no delay for as long as that is in force.
    function _effectiveAt(Version memory known, SignerSet memory set) private view returns (uint64) {
        if (known.activated || !known.undelayed || _isQuorumInForce(set.threshold, set.signers)) {
            return known.effectiveAt;
        }
        return known.effectiveAt + configDelay;
    }

    function _isQuorumInForce(uint8 threshold, address[] memory signers) private view returns (bool) {
        SignerSet memory current = _configInForce();
        return keccak256(abi.encode(threshold, signers)) == keccak256(abi.encode(current.threshold, current.signers));
    }

    /// @dev The code does nothing if called: the encoding begins with a zero byte, STOP.
    function _write(uint64 version, SignerSet memory set) private returns (address) {
        bytes memory code = abi.encode(set);
        // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN: returns what stands behind these ten bytes.
        bytes memory init = abi.encodePacked(hex"61", uint16(code.length), hex"80600a5f395ff3", code);
        return Create2.deploy(0, bytes32(uint256(version)), init);
    }

    function _read(address set) private view returns (SignerSet memory) {
        return abi.decode(set.code, (SignerSet));
    }
}
