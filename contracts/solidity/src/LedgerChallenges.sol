// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {IUsdc} from "./interfaces/IUsdc.sol";
import {Committed, EpochBody, EpochHeader, LogProof, UsageAttestation} from "./lib/Types.sol";
import {Ecdsa} from "./lib/Ecdsa.sol";
import {LogProofLib} from "./lib/LogProofLib.sol";
import {PairChain} from "./lib/PairChain.sol";
import {Wire} from "./lib/Wire.sol";
import {ChallengeBase} from "./ChallengeBase.sol";
import {LedgerState} from "./LedgerState.sol";
import {SignerConfigs} from "./SignerConfigs.sol";

/// @title The metering ledger's challenges
/// @notice Judges the evidence of wire.md section 6. A won challenge voids the header and its successors, raises the
/// generation and slashes the bond.
/// @dev Runs on the ledger's storage, because all together are larger than a contract may be.
contract LedgerChallenges is ChallengeBase {
    uint8 private constant C1 = 1;
    uint8 private constant C2 = 2;
    uint8 private constant C3 = 3;
    uint8 private constant C4 = 4;
    uint8 private constant C8 = 8;

    error AlreadyProven(uint64 epoch, uint64 generation);
    error LeafAlreadyFinal(uint64 index);

    constructor(IUsdc usdc_) Ownable(address(this)) LedgerState(0, 0, usdc_) {}

    /// @notice C1: an attested line is not at its index in the header that first covers it.
    /// @param a the line that was promised, signed by the attestation key of its configuration.
    /// @param otherLeafHash what stands at the line's index instead.
    function challengePromise(
        Committed calldata target,
        UsageAttestation calldata a,
        bytes calldata signature,
        bytes32 otherLeafHash,
        bytes32[] calldata path
    ) external nonReentrant {
        _checkTarget(target);
        if (a.generation != target.header.generation || a.logIndex < _sizeBefore(target)) revert NoLie();
        if (Wire.logLeaf(a) == otherLeafHash) revert NoLie();
        _checkAttested(a, signature);
        if (!LogProofLib.verify(target.body.logRoot, target.body.logSize, otherLeafHash, a.logIndex, path)) {
            revert BadProof();
        }
        _win(target, C1);
    }

    /// @notice C2a: two attestations for one index by one key. Drops the key.
    function challengeAttestations(
        UsageAttestation calldata a,
        bytes calldata signatureA,
        UsageAttestation calldata b,
        bytes calldata signatureB
    ) external nonReentrant {
        if (a.generation != b.generation || a.logIndex != b.logIndex || a.configVersion != b.configVersion) {
            revert NoLie();
        }
        bytes32 hashA = Wire.hashStruct(a);
        bytes32 hashB = Wire.hashStruct(b);
        if (hashA == hashB) revert NoLie();
        address key = _knownConfig(a.configVersion).attestationKey;
        if (keyDropped[key]) revert KeyAlreadyDropped(key);
        if (Ecdsa.recover65(_hashTypedDataV4(hashA), signatureA) != key) revert NotSignedByKey(key);
        if (Ecdsa.recover65(_hashTypedDataV4(hashB), signatureB) != key) revert NotSignedByKey(key);

        keyDropped[key] = true;
        droppedIn[key] = _head.generation;
        emit AttestationKeyDropped(a.configVersion, key);
        uint64 epoch = _firstPendingThatCovers(a.generation, a.logIndex);
        _defeat(epoch, C2, msg.sender);
    }

    /// @notice C2b: two headers of one epoch and generation, each signed by a quorum of one configuration.
    function challengeHeaders(
        EpochHeader calldata a,
        uint32 bitmapA,
        bytes calldata signaturesA,
        EpochHeader calldata b,
        uint32 bitmapB,
        bytes calldata signaturesB,
        uint64 configVersion_
    ) external nonReentrant {
        (uint64 epoch, uint64 generation) = (a.epoch, a.generation);
        if (epoch != b.epoch || generation != b.generation) revert NoLie();
        bytes32 hashA = Wire.hashStruct(a);
        bytes32 hashB = Wire.hashStruct(b);
        if (hashA == hashB) revert NoLie();
        if (equivocationProven[epoch][generation]) revert AlreadyProven(epoch, generation);
        _checkSigned(configVersion_, a, hashA, bitmapA, signaturesA);
        _checkSigned(configVersion_, b, hashB, bitmapB, signaturesB);
        // A configuration that is out of force answers only for what it posted; else keys that were removed because they
        // were stolen could take every later bond.
        if (configVersion_ != configVersion && !_inRing(_head, epoch, hashA) && !_inRing(_head, epoch, hashB)) {
            revert NoLie();
        }

        equivocationProven[epoch][generation] = true;
        Head memory at = _head;
        if (epoch > at.lastFinalised && epoch <= at.lastPosted && _ring[epoch % RING_SIZE].generation == generation) {
            _defeat(epoch, C2, msg.sender);
            return;
        }
        // Neither can be posted any more.
        if (epoch > at.lastPosted && generation == at.generation) _void(at.lastPosted + 1);
        _slash(C2, epoch, msg.sender, 0);
    }

    /// @notice C3: one request, one number of a pair or one direct payment stands in the log twice.
    function challengeDuplicate(Committed calldata target, LogProof calldata a, LogProof calldata b)
        external
        nonReentrant
    {
        _checkTarget(target);
        if (a.index == b.index || !_billedTwice(a.leaf, b.leaf)) revert NoLie();
        uint64 later = a.index > b.index ? a.index : b.index;
        if (later < _finalLogSize()) revert LeafAlreadyFinal(later);
        _checkLine(target.body, a);
        _checkLine(target.body, b);
        _win(target, C3);
    }

    /// @notice C4: a line of the log that breaks its own rules or its pair's chain.
    /// @param prev the line at the leaf's `pairPrevIndex`; not looked at if there is none.
    function challengePairChain(Committed calldata target, LogProof calldata leaf, LogProof calldata prev)
        external
        nonReentrant
    {
        _checkTarget(target);
        if (leaf.index < _finalLogSize()) revert LeafAlreadyFinal(leaf.index);
        _checkLine(target.body, leaf);
        if (!PairChain.wrongAlone(leaf)) {
            if (!PairChain.hasPrevious(leaf.leaf) || prev.index != leaf.leaf.pairPrevIndex) revert NoLie();
            _checkLine(target.body, prev);
            if (!PairChain.wrongAfter(leaf.leaf, prev.leaf)) revert NoLie();
        }
        _win(target, C4);
    }

    /// @notice C8: the target's log does not continue its predecessor's.
    /// @param older the leaf hash at `index` in the predecessor's log.
    /// @param newer the leaf hash at `index` in the target's log.
    function challengeRewrite(
        Committed calldata target,
        Committed calldata predecessor,
        uint64 index,
        bytes32 older,
        bytes32[] calldata olderPath,
        bytes32 newer,
        bytes32[] calldata newerPath
    ) external nonReentrant {
        _checkTarget(target);
        _checkPredecessor(target, predecessor);
        if (older == newer) revert NoLie();
        EpochBody calldata body = predecessor.body;
        if (!LogProofLib.verify(body.logRoot, body.logSize, older, index, olderPath)) revert BadProof();
        if (!LogProofLib.verify(target.body.logRoot, target.body.logSize, newer, index, newerPath)) revert BadProof();
        _win(target, C8);
    }

    // ---- internals

    /// @dev Reverts unless a quorum of a version that is or was in force signed the header.
    function _checkSigned(
        uint64 version,
        EpochHeader calldata header,
        bytes32 headerHash,
        uint32 signerBitmap,
        bytes calldata signatures
    ) private view {
        // This code runs on the ledger's storage, but not with its immutables.
        bytes32 domain = SignerConfigs(address(this)).headerDomainSeparator();
        _checkQuorum(domain, _knownConfig(version), header, headerHash, signerBitmap, signatures);
    }

    function _billedTwice(UsageAttestation calldata a, UsageAttestation calldata b) private pure returns (bool) {
        if (a.rail == Wire.DIRECT && b.rail == Wire.DIRECT && a.paymentRef == b.paymentRef) return true;
        if (a.crawler != b.crawler || a.licenseId != b.licenseId) return false;
        return a.requestId == b.requestId || (a.rail == Wire.CREDIT && b.rail == Wire.CREDIT && a.pairSeq == b.pairSeq);
    }

    /// @dev The epoch after the last posted one if no pending header covers the index.
    function _firstPendingThatCovers(uint64 generation, uint64 logIndex) private view returns (uint64 epoch) {
        Head memory at = _head;
        for (epoch = at.lastFinalised + 1; epoch <= at.lastPosted; ++epoch) {
            RingSlot storage slot = _ring[epoch % RING_SIZE];
            if (slot.generation == generation && slot.logSize > logIndex) return epoch;
        }
    }
}
