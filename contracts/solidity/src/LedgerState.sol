// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IUsdc} from "./interfaces/IUsdc.sol";
import {SignerConfigs} from "./SignerConfigs.sol";

/// @title What the metering ledger and its challenges share
/// @notice All storage of the ledger but for what `RemedyState` adds. Neither side adds any, so that the challenges' code
/// can run on it.
abstract contract LedgerState is EIP712, ReentrancyGuardTransient, SignerConfigs {
    /// @dev Two slots per header.
    struct RingSlot {
        bytes32 headerHash;
        uint96 totalCredit;
        uint40 finalisableAt;
        uint40 closedAt;
        uint48 logSize;
        uint32 generation;
    }

    /// @dev Where the ledger stands. One slot, which every post reads and writes; `credit` is the total credit of the last
    /// finalised header, beyond which the bond must cover what is posted; `bondNoticed` says that `bondNotice` is not 0.
    struct Head {
        uint32 lastPosted;
        uint32 lastFinalised;
        uint24 generation;
        uint24 openDemands;
        bool bondNoticed;
        uint64 bond;
        uint72 credit;
    }

    /// @dev What claims and withdrawals are proven against; all but the roots in one slot.
    struct Finalised {
        bytes32 creditRoot;
        bytes32 debitRoot;
        uint80 credit;
        uint32 epoch;
        uint48 licenseCount;
        uint48 crawlerCount;
        uint40 closedAt;
    }

    /// @notice Number of slots for pending headers, one of which keeps the last finalised one.
    uint64 public constant RING_SIZE = 64;

    /// @dev Takes no header, so that to run out of generations stops the posting of headers, and never a verdict.
    uint24 internal constant LAST_GENERATION = type(uint24).max;

    /// @notice The USDC contract of this chain.
    IUsdc public immutable usdc;
    /// @dev Seconds for which a header is pending, and whether another window was scheduled; in the slot of `configVersion`,
    /// which every post reads.
    uint24 internal _window;
    bool internal _windowScheduled;
    Head internal _head;
    Finalised internal _finalised;
    /// @notice Slashed money that is kept for those who were harmed.
    uint128 public insurance;
    /// @notice What may be withdrawn of the bond from `bondNoticeAt` on.
    uint128 public bondNotice;
    /// @notice When the noticed bond may be withdrawn.
    uint64 public bondNoticeAt;
    uint24 internal _nextWindow;
    uint40 internal _nextWindowAt;
    /// @notice What each licence was paid in total.
    mapping(uint256 licenseId => uint128) public claimed;
    /// @notice Whether two headers of an epoch and generation were proven; one bond is lost for it once.
    mapping(uint64 epoch => mapping(uint64 generation => bool)) public equivocationProven;

    RingSlot[64] internal _ring;
    /// @notice The generation in which an attestation key was dropped. What it signs for a later one is void.
    mapping(address key => uint64 generation) public droppedIn;

    event HeaderVoided(uint64 indexed epoch, uint64 indexed generation, bytes32 indexed headerHash);
    event ChallengeWon(uint8 indexed challenge, uint64 indexed epoch, address indexed challenger, uint256 reward);
    event GenerationRaised(uint64 generation, uint64 lastGoodEpoch);
    event BondSlashed(uint256 amount, uint256 bond);
    event AttestationKeyDropped(uint64 indexed version, address attestationKey);

    error WrongBody();
    error NotPending(uint64 epoch);
    error BadProof();
    /// @dev No header can be posted any more; a new deployment is needed.
    error GenerationsUsedUp();

    /// @param deploymentId_ of a ledger; 0 for its judges, who ask the ledger.
    constructor(bytes32 deploymentId_, uint64 configDelay_, IUsdc usdc_)
        EIP712("Tachi Metering", "1")
        SignerConfigs(deploymentId_, configDelay_)
    {
        usdc = usdc_;
    }

    /// @notice Where the ledger stands.
    function head() external view returns (uint64 lastPosted, uint64 lastFinalised, uint64 generation) {
        return (_head.lastPosted, _head.lastFinalised, _head.generation);
    }

    /// @notice How many demands about pending headers are open.
    function openDemands() external view returns (uint256) {
        return _head.openDemands;
    }

    /// @notice The operator's bond.
    function bond() external view returns (uint128) {
        return _head.bond;
    }

    /// @notice Total credit of the last finalised header.
    function finalisedCredit() external view returns (uint128) {
        return _finalised.credit;
    }

    /// @notice The last finalised header.
    function finalised()
        external
        view
        returns (
            bytes32 creditRoot,
            bytes32 debitRoot,
            uint64 epoch,
            uint64 licenseCount,
            uint64 crawlerCount,
            uint64 closedAt
        )
    {
        Finalised memory last = _finalised;
        return (last.creditRoot, last.debitRoot, last.epoch, last.licenseCount, last.crawlerCount, last.closedAt);
    }

    /// @dev Whether this header is posted, not voided, and young enough to be known.
    function _inRing(Head memory at, uint64 epoch, bytes32 headerHash) internal view returns (bool) {
        return epoch <= at.lastPosted && epoch + RING_SIZE > at.lastPosted
            && _ring[epoch % RING_SIZE].headerHash == headerHash;
    }
}
