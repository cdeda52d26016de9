// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IUsdc} from "./interfaces/IUsdc.sol";
import {Committed, EpochBody, LogProof} from "./lib/Types.sol";
import {LogProofLib} from "./lib/LogProofLib.sol";
import {Wire} from "./lib/Wire.sol";
import {LedgerState} from "./LedgerState.sol";

/// @title What the ledger's judges share
/// @notice Checks the headers that a challenge names, and carries out a verdict.
/// @dev The ledger creates the judges and runs their code on its own storage. Called directly they find an empty ledger
/// and can do nothing.
abstract contract ChallengeBase is LedgerState {
    using SafeERC20 for IUsdc;

    /// @notice Share of a slashed bond that the challenger gets, basis points.
    uint256 public constant CHALLENGER_BPS = 4_000;
    uint256 private constant BPS = 10_000;

    error NoLie();
    error NotPredecessor(bytes32 expected, bytes32 given);

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

    /// @dev Carries out a verdict against one header.
    function _win(Committed calldata target, uint8 challenge) internal {
        _void(target.header.epoch);
        _slash(challenge, target.header.epoch);
    }

    /// @dev Voids a pending epoch and its successors, and raises the generation in any case.
    function _void(uint64 fromEpoch) internal {
        Head memory at = _head;
        for (uint64 epoch = fromEpoch; epoch <= at.lastPosted; ++epoch) {
            RingSlot storage slot = _ring[epoch % RING_SIZE];
            emit HeaderVoided(epoch, slot.generation, slot.headerHash);
        }
        _head.lastPosted = uint32(fromEpoch - 1);
        _head.generation = at.generation + 1;
        emit GenerationRaised(at.generation + 1, fromEpoch - 1);
    }

    function _slash(uint8 challenge, uint64 epoch) internal {
        uint128 lost = _head.bond;
        uint128 reward = uint128(uint256(lost) * CHALLENGER_BPS / BPS);
        _head.bond = 0;
        bondNotice = 0;
        insurance += lost - reward;
        emit BondSlashed(lost, 0);
        emit ChallengeWon(challenge, epoch, msg.sender, reward);
        if (reward != 0) usdc.safeTransfer(msg.sender, reward);
    }
}
