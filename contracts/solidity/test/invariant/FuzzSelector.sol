// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The functions of a contract that forge may call in an invariant run, as forge reads it.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}
