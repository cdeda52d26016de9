// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HeaderAnchor} from "../src/HeaderAnchor.sol";
import {SignerConfigs} from "../src/SignerConfigs.sol";
import {EpochHeader} from "../src/lib/Types.sol";
import {LedgerTest} from "./base/LedgerTest.sol";

contract HeaderAnchorTest is LedgerTest {
    HeaderAnchor internal anchor;

    function setUp() public override {
        super.setUp();
        vm.chainId(11155111);
        anchor = new HeaderAnchor(admin, ledger.deploymentId(), CONFIG_DELAY, 2, rootAddresses(), attestor.addr);
    }

    function test_sameSignatures_shouldServeBothChains() public {
        assertEq(anchor.configDigest(), ledger.configDigest());
        assertEq(anchor.headerDomainSeparator(), ledger.headerDomainSeparator());
        EpochHeader memory header = nextEpoch().header;
        bytes32 headerHash = hashOf(header);
        vm.expectEmit(address(anchor));
        emit HeaderAnchor.HeaderAnchored(1, 1, headerHash, header.prevHeaderHash, header.configDigest, header.bodyHash);
        _anchor(header);
        (uint40 epoch, uint24 generation, bytes24 stored) = anchor.latest();
        assertEq(epoch, 1);
        assertEq(generation, 1);
        assertEq(bytes32(stored), bytes32(bytes24(headerHash)));
        vm.chainId(84532);
        postNext();
    }

    function test_again_shouldDoNothing() public {
        EpochHeader memory header = nextEpoch().header;
        _anchor(header);
        _anchor(header);
        anchor.anchor(header, 0, "");
    }

    function test_gaps_shouldBeAllowed_backwardsNot() public {
        EpochHeader memory header = nextEpoch().header;
        header.epoch = 5;
        _anchor(header);
        header.epoch = 4;
        _expectNotForward(header);
        header.epoch = 5;
        header.bodyHash = 0;
        _expectNotForward(header);
        header.epoch = 9;
        _anchor(header);
        // After a void the same epoch comes again in a later generation.
        header.epoch = 6;
        header.generation = 2;
        _anchor(header);
        header.epoch = 10;
        header.generation = 1;
        _expectNotForward(header);
        header.epoch = uint64(1) << 40;
        header.generation = 2;
        _expectNotForward(header);
        header.epoch = 11;
        header.generation = uint64(1) << 24;
        _expectNotForward(header);
    }

    function test_withoutQuorum_shouldRevert() public {
        EpochHeader memory header = nextEpoch().header;
        bytes memory one = quorum(header, 1);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.QuorumMissing.selector, 1, 2));
        anchor.anchor(header, 1, one);
        header.configDigest = 0;
        bytes memory two = quorum(header, 3);
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.WrongConfig.selector, anchor.configDigest(), bytes32(0)));
        anchor.anchor(header, 3, two);
    }

    function test_oldQuorum_afterAnotherTookOver_shouldTakeTheDelay() public {
        address[] memory one = new address[](1);
        one[0] = roots[1].addr;
        vm.startPrank(admin);
        anchor.proposeConfig(2, 1, one, other);
        skip(CONFIG_DELAY);
        anchor.proposeConfig(3, 2, rootAddresses(), other);
        vm.stopPrank();
        anchor.activateConfig(2);
        uint64 effectiveAt = uint64(block.timestamp) + CONFIG_DELAY;
        vm.expectRevert(abi.encodeWithSelector(SignerConfigs.VersionNotEffective.selector, effectiveAt));
        anchor.activateConfig(3);
        skip(CONFIG_DELAY);
        anchor.activateConfig(3);
    }

    function _anchor(EpochHeader memory header) private {
        anchor.anchor(header, 3, quorum(header, 3));
    }

    function _expectNotForward(EpochHeader memory header) private {
        bytes memory signatures = quorum(header, 3);
        vm.expectRevert(abi.encodeWithSelector(HeaderAnchor.NotForward.selector, header.epoch, header.generation));
        anchor.anchor(header, 3, signatures);
    }
}
