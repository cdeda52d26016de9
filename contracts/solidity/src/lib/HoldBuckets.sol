// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A licence's direct payments: those of the bucket `bucket`, of the two before it, and what has matured.
struct Held {
    uint8 status;
    uint40 bucket;
    uint48 current;
    uint48 previous;
    uint48 oldest;
    uint64 matured;
}

/// @title A licence's account in one storage word
/// @notice A payment costs one write of one word that exists already, whatever the day: buckets move on inside it.
/// @dev From the lowest bit: status 8, bucket 40, current 48, previous 48, oldest 48, matured 64.
library HoldBuckets {
    /// @notice How many whole buckets a payment waits behind its own.
    uint256 internal constant HELD_BUCKETS = 2;

    error BucketFull();
    error NotInBucket();

    function unpack(uint256 word) internal pure returns (Held memory held) {
        held.status = uint8(word);
        held.bucket = uint40(word >> 8);
        held.current = uint48(word >> 48);
        held.previous = uint48(word >> 96);
        held.oldest = uint48(word >> 144);
        held.matured = uint64(word >> 192);
    }

    function pack(Held memory held) internal pure returns (uint256) {
        return uint256(held.status) | uint256(held.bucket) << 8 | uint256(held.current) << 48 | uint256(held.previous)
            << 96 | uint256(held.oldest) << 144 | uint256(held.matured) << 192;
    }

    /// @dev Moves on to a later bucket; what falls out behind has matured.
    function roll(Held memory held, uint256 bucket) internal pure {
        uint256 steps = bucket - held.bucket;
        if (steps == 0) return;
        held.bucket = uint40(bucket);
        for (uint256 i = 0; i < steps && i <= HELD_BUCKETS; ++i) {
            held.matured += held.oldest;
            (held.oldest, held.previous, held.current) = (held.previous, held.current, 0);
        }
    }

    /// @dev Adds a payment of now.
    function add(Held memory held, uint256 amount) internal pure {
        uint256 sum = held.current + amount;
        if (sum > type(uint48).max) revert BucketFull();
        held.current = uint48(sum);
    }

    /// @dev Takes a payment out of one of the three buckets.
    function take(Held memory held, uint256 bucket, uint256 amount) internal pure {
        uint256 age = held.bucket - bucket;
        uint256 rest = age == 0 ? held.current : age == 1 ? held.previous : held.oldest;
        if (age > HELD_BUCKETS || amount > rest) revert NotInBucket();
        uint48 left = uint48(rest - amount);
        if (age == 0) held.current = left;
        else if (age == 1) held.previous = left;
        else held.oldest = left;
    }

    /// @dev All that the account holds.
    function total(Held memory held) internal pure returns (uint256) {
        return uint256(held.current) + held.previous + held.oldest + held.matured;
    }
}
