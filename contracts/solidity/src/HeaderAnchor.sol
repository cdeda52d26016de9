// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {EpochHeader} from "./lib/Types.sol";
import {Wire} from "./lib/Wire.sol";
import {SignerConfigs} from "./SignerConfigs.sol";

/// @title The headers' anchor on another chain
/// @notice Keeps the latest signed header in one slot; `prevHeaderHash` chains all earlier ones. Forward only, gaps
/// are allowed. Holds no money.
contract HeaderAnchor is SignerConfigs {
    /// @notice The latest header: its epoch, its generation and the first 24 bytes of its hash. One slot.
    struct Anchor {
        uint40 epoch;
        uint24 generation;
        bytes24 headerHash;
    }

    /// @notice The latest header.
    Anchor public latest;

    event HeaderAnchored(
        uint64 indexed epoch,
        uint64 indexed generation,
        bytes32 indexed headerHash,
        bytes32 prevHeaderHash,
        bytes32 configDigest,
        bytes32 bodyHash
    );

    error NotForward(uint64 epoch, uint64 generation);

    /// @param deploymentId_ of the settlement chain's metering ledger.
    constructor(
        address admin,
        bytes32 deploymentId_,
        uint64 configDelay_,
        uint8 threshold,
        address[] memory signers,
        address attestationKey
    ) Ownable(admin) SignerConfigs(deploymentId_, configDelay_) {
        _initConfig(threshold, signers, attestationKey);
    }

    /// @notice Anchors a header that is newer than the latest one: of a later epoch, or of a later generation.
    /// The same header again does nothing.
    function anchor(EpochHeader calldata header, uint32 signerBitmap, bytes calldata signatures) external {
        bytes32 headerHash = Wire.hashStruct(header);
        Anchor memory last = latest;
        if (last.headerHash == bytes24(headerHash)) return;
        if (header.generation < last.generation || (header.generation == last.generation && header.epoch <= last.epoch))
        {
            revert NotForward(header.epoch, header.generation);
        }
        if (header.epoch > type(uint40).max || header.generation > type(uint24).max) {
            revert NotForward(header.epoch, header.generation);
        }
        _checkQuorum(_headerDomain, _configInForce(), header, headerHash, signerBitmap, signatures);
        latest = Anchor(uint40(header.epoch), uint24(header.generation), bytes24(headerHash));
        emit HeaderAnchored(
            header.epoch, header.generation, headerHash, header.prevHeaderHash, header.configDigest, header.bodyHash
        );
    }
}
