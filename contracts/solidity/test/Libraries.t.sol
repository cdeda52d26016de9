// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EpochBody, ParentLeaf, ParentProof, SumNode} from "../src/lib/Types.sol";
import {Ecdsa} from "../src/lib/Ecdsa.sol";
import {SettlementProofs} from "../src/lib/SettlementProofs.sol";
import {SumTree} from "../src/lib/SumTree.sol";
import {Totals, TotalsLib} from "../src/lib/TotalsLib.sol";
import {UsdcTest} from "./base/UsdcTest.sol";

/// @notice Malformed input to the libraries, and to the local USDC, that no whole system would hand them.
contract LibrariesTest is UsdcTest {
    function recover65(bytes32 digest, bytes calldata signature) external pure returns (address) {
        return Ecdsa.recover65(digest, signature);
    }

    function lacksParent(EpochBody calldata body, uint256 key, ParentProof[] calldata proofs)
        external
        pure
        returns (bool)
    {
        return SettlementProofs.lacksParent(SettlementProofs.treeOf(body, false), key, proofs);
    }

    function isNext(
        uint64 count,
        uint64 index,
        SumNode[] calldata indexPath,
        SumNode memory leaf,
        SumNode[] calldata path
    ) external pure returns (bool) {
        return SumTree.isNext(count, index, indexPath, leaf, path);
    }

    function totalsAfter(uint256[3] calldata before, uint256[3] calldata more)
        external
        pure
        returns (uint256[3] memory sums)
    {
        Totals totals = Totals.wrap(0).withPaused(true);
        totals = totals.addDeposited(before[0]).addWithdrawn(before[1]).addClaimed(before[2]);
        totals = totals.addDeposited(more[0]).addWithdrawn(more[1]).addClaimed(more[2]);
        assert(totals.paused() && !totals.withPaused(false).paused());
        return [totals.deposited(), totals.withdrawn(), totals.claimed()];
    }

    function testFuzz_totals_shouldKeepToTheirFields(uint80[3] calldata sums, uint256 seed) public {
        uint256[3] memory before;
        uint256[3] memory more;
        for (uint256 i = 0; i < 3; ++i) {
            before[i] = sums[i];
            more[i] = bound(uint256(keccak256(abi.encode(seed, i))), 0, type(uint80).max - before[i]);
        }
        uint256[3] memory after_ = this.totalsAfter(before, more);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(after_[i], before[i] + more[i]);
        }
        more[seed % 3] = uint256(type(uint80).max) - before[seed % 3] + 1;
        vm.expectRevert(TotalsLib.TotalTooLarge.selector);
        this.totalsAfter(before, more);
    }

    function test_recover65_malformed_shouldBeNobody() public {
        Account memory signer = makeAccount("signer");
        bytes memory signature = sign(signer, keccak256("digest"));
        assertEq(this.recover65(keccak256("digest"), signature), signer.addr);
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        assertEq(this.recover65(keccak256("digest"), abi.encodePacked(r, s)), address(0));
        assertEq(this.recover65(keccak256("digest"), abi.encodePacked(r, s, v, v)), address(0));
        assertEq(this.recover65(keccak256("digest"), abi.encodePacked(r, s, v - 27)), address(0));
        assertEq(this.recover65(keccak256("digest"), abi.encodePacked(r, s, uint8(29))), address(0));
        assertEq(this.recover65(keccak256("digest"), flip(signature)), address(0));
        assertEq(this.recover65(keccak256("digest"), abi.encodePacked(bytes32(0), bytes32(0), v)), address(0));
    }

    function test_lacksParent_unproven_shouldBeFalse() public view {
        EpochBody memory body;
        body.licenseCount = 1;
        body.creditRoot = keccak256("root");
        ParentProof[] memory proofs = new ParentProof[](1);
        proofs[0].leaf = ParentLeaf(7, 1, 1, keccak256("pairs"));
        assertFalse(this.lacksParent(body, 6, proofs));
        assertFalse(this.lacksParent(body, 6, new ParentProof[](0)));
        body.licenseCount = 0;
        assertTrue(this.lacksParent(body, 6, new ParentProof[](0)));
    }

    function test_isNext_withShortOrEndlessPaths_shouldBeFalse() public view {
        SumNode memory leaf = SumNode(keccak256("leaf"), 1);
        SumNode[] memory none = new SumNode[](0);
        assertFalse(this.isNext(1, 0, none, leaf, none));
        assertFalse(this.isNext(2, 0, none, leaf, none));
        assertFalse(this.isNext(4, 1, new SumNode[](1), leaf, none));
        assertFalse(this.isNext(2, 0, new SumNode[](1), leaf, new SumNode[](65)));
    }

    function test_usdc_fromNobodyOrAboveTheLimit_shouldRevert() public {
        vm.expectRevert("ERC20: transfer from the zero address");
        token.transferFrom(address(0), address(this), 0);
        give(address(1), type(uint256).max >> 1);
        vm.expectRevert();
        token.mint(address(1), 1);
        vm.expectRevert();
        token.mint(address(2), 1 << 255);
    }
}
