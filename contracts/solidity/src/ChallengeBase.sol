// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Committed, EpochBody, LogProof, UsageAttestation} from "./lib/Types.sol";
import {Ecdsa} from "./lib/Ecdsa.sol";
import {LogProofLib} from "./lib/LogProofLib.sol";
import {Wire} from "./lib/Wire.sol";
import {RemedyState} from "./RemedyState.sol";

/// @title What the ledger's judges share
/// @notice Checks the headers that a challenge names, and carries out a verdict.
/// @dev The ledger creates the judges and runs their code on its own storage. Called directly they find an empty ledger
/// and can do nothing.
abstract contract ChallengeBase is RemedyState {
    /// @notice Share of a slashed bond that the challenger gets, basis points.
    uint256 public constant CHALLENGER_BPS = 4_000;
    uint256 private constant BPS = 10_000;

    error NoLie();
    error NotPredecessor(bytes32 expected, bytes32 given);
    error KeyAlreadyDropped(address key);
    error NotSignedByKey(address key);

    function _checkTarget(Committed calldata target) internal view {
        Head memory at = _head;
        uint64 epoch = target.header.epoch;
        if (epoch <= at.lastFinalised || !_inRing(at, epoch, Wire.hashStruct(target.header))) revert NotPending(epoch);
        if (Wire.hashStruct(target.body) != target.header.bodyHash) revert WrongBody();
    }

    function _checkLine(EpochBody calldata body, LogProof calldata proof) internal pure {
        bytes32 leafHash = Wire.logLeaf(proof.leaf);
        if (!LogProofLib.verify(body.logRoot, body.logSize, leafHash, proof.index, proof.path)) revert BadProof();
    }

    /// @dev The header that the target names as the one before it.
    function _checkPredecessor(Committed calldata target, Committed calldata predecessor) internal pure {
        bytes32 headerHash = Wire.hashStruct(predecessor.header);
        if (headerHash != target.header.prevHeaderHash) {
            revert NotPredecessor(target.header.prevHeaderHash, headerHash);
        }
        if (Wire.hashStruct(predecessor.body) != predecessor.header.bodyHash) revert WrongBody();
    }

    /// @dev The size of the log that is final. A line below it is blamed no more.
    function _finalLogSize() internal view returns (uint64) {
        return _ring[_head.lastFinalised % RING_SIZE].logSize;
    }

    /// @dev Log size of the header before a pending one, which is pending too or the last final one.
    function _sizeBefore(Committed calldata target) internal view returns (uint64) {
        return _ring[(target.header.epoch - 1) % RING_SIZE].logSize;
    }

    /// @dev Reverts unless the attestation key of the line's configuration signed it while its word counted.
    function _checkAttested(UsageAttestation calldata a, bytes calldata signature) internal view {
        address key = _knownConfig(a.configVersion).attestationKey;
        if (keyDropped[key] && a.generation > droppedIn[key]) revert KeyAlreadyDropped(key);
        if (Ecdsa.recover65(_hashTypedDataV4(Wire.hashStruct(a)), signature) != key) revert NotSignedByKey(key);
    }

    /// @dev Carries out a verdict against one header.
    function _win(Committed calldata target, uint8 challenge) internal {
        _defeat(target.header.epoch, challenge, msg.sender);
    }

    /// @dev Voids a pending epoch and its successors, raises the generation and slashes the bond. What the challenger does
    /// not get becomes the epoch's pot; insurance if the epoch was not posted.
    function _defeat(uint64 epoch, uint8 challenge, address challenger) internal {
        bytes32 headerHash = epoch > _head.lastPosted ? bytes32(0) : _ring[epoch % RING_SIZE].headerHash;
        _void(epoch);
        _slash(challenge, epoch, challenger, headerHash);
    }

    /// @dev Voids a pending epoch and its successors, and raises the generation in any case, up to the last one. Whoever asked
    /// something about them takes the fee back by `expireDemand`.
    function _void(uint64 fromEpoch) internal {
        Head memory at = _head;
        bool asked = at.openDemands != 0;
        for (uint64 epoch = fromEpoch; epoch <= at.lastPosted; ++epoch) {
            RingSlot storage slot = _ring[epoch % RING_SIZE];
            emit HeaderVoided(epoch, slot.generation, slot.headerHash);
            if (asked) _head.openDemands -= uint24(openDemandsOf[slot.headerHash]);
        }
        uint24 generation = at.generation == LAST_GENERATION ? LAST_GENERATION : at.generation + 1;
        _head.lastPosted = uint32(fromEpoch - 1);
        _head.generation = generation;
        emit GenerationRaised(generation, fromEpoch - 1);
    }

    /// @param voided the header whose parties may claim from what the challenger does not get; 0 if there is none.
    function _slash(uint8 challenge, uint64 epoch, address challenger, bytes32 voided) internal {
        uint128 lost = _head.bond;
        uint128 reward = uint128(uint256(lost) * CHALLENGER_BPS / BPS);
        uint128 rest = lost - reward;
        if (_head.bondNoticed) bondNotice = 0;
        (_head.bond, _head.bondNoticed) = (0, false);
        emit BondSlashed(lost, 0);
        emit ChallengeWon(challenge, epoch, challenger, reward);
        if (voided == 0) {
            insurance += rest;
        } else if (rest != 0) {
            pots[voided] = Pot(rest, 0, uint40(block.timestamp));
            emit PotOpened(voided, rest);
        }
        _pay(challenger, reward);
    }
}
