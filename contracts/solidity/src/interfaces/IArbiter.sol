// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title The seam for who rules, in the shape of ERC-792
/// @notice The arbiter, be it a multisig or a court's adapter, calls `rule` on this.
interface IArbitrable {
    /// @notice Told for every ruling.
    event Ruling(address indexed arbiter, uint256 indexed disputeId, uint256 ruling);

    /// @notice Gives a ruling; only the dispute's arbiter.
    /// @param ruling 0 refuses to rule, 1 refunds the crawler, 2 releases to the publisher.
    function rule(uint256 disputeId, uint256 ruling) external;
}
