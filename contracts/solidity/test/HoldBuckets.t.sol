// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Held, HoldBuckets} from "../src/lib/HoldBuckets.sol";
import {Test} from "./base/Test.sol";

contract HoldBucketsTest is Test {
    using HoldBuckets for uint256;
    using HoldBuckets for Held;

    uint256[64] private _paid;

    function testFuzz_pack_shouldComeBack(uint256 word) public pure {
        assertEq(word.unpack().pack(), word);
    }

    /// @dev Against a list of what each bucket holds: what is two buckets old or younger is pending, the rest matured.
    function testFuzz_roll_shouldMatureWhatIsOlderThanTwoBuckets(uint256 seed) public {
        uint256 word = 2;
        uint256 bucket = 0;
        for (uint256 i = 0; i < 24; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            if (dice % 3 == 0) bucket = _min(bucket + (dice >> 8) % 5, 63);
            Held memory held = word.unpack();
            held.roll(bucket);
            uint256 amount = (dice >> 16) % 1_000_000;
            uint256 from = bucket - _min((dice >> 48) % 3, bucket);
            if (dice % 3 != 2) {
                held.add(amount);
                _paid[bucket] += amount;
            } else {
                amount = _min(amount, _paid[from]);
                held.take(from, amount);
                _paid[from] -= amount;
            }
            word = held.pack();
            held = word.unpack();
            uint256 matured = 0;
            for (uint256 b = 0; b + 2 < bucket; ++b) {
                matured += _paid[b];
            }
            assertEq(held.status, 2);
            assertEq(held.matured, matured);
            assertEq(held.current, _paid[bucket]);
            assertEq(held.previous, bucket < 1 ? 0 : _paid[bucket - 1]);
            assertEq(held.oldest, bucket < 2 ? 0 : _paid[bucket - 2]);
            assertEq(held.total(), matured + held.current + held.previous + held.oldest);
        }
    }

    function test_take_moreThanThereIs_shouldRevert() public {
        vm.expectRevert(HoldBuckets.NotInBucket.selector);
        this.take(10, 10, 6);
        vm.expectRevert(HoldBuckets.NotInBucket.selector);
        this.take(13, 10, 0);
        vm.expectRevert(HoldBuckets.NotInBucket.selector);
        this.take(11, 11, 1);
        this.take(12, 10, 5);
    }

    /// @dev Five units were paid in bucket 10.
    function take(uint256 now_, uint256 bucket, uint256 amount) external pure {
        Held memory held;
        held.bucket = 10;
        held.add(5);
        held.roll(now_);
        held.take(bucket, amount);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
