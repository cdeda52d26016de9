// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Who is ruled upon, in the shape of ERC-792
/// @notice The arbiter calls `rule` on this: a multisig by a transaction of its own, a court through an adapter that
/// asks it (`IArbitrator.createDispute`) and hands its ruling on.
interface IArbitrable {
    /// @notice Told for every ruling.
    event Ruling(address indexed arbiter, uint256 indexed disputeId, uint256 ruling);

    /// @notice Gives a ruling; only the dispute's arbiter.
    /// @param ruling 0 refuses to rule, 1 refunds the crawler, 2 releases to the publisher.
    function rule(uint256 disputeId, uint256 ruling) external;
}

/// @title A court, in the shape of ERC-792
/// @notice What an adapter that is this system's arbiter uses of Kleros and its like.
interface IArbitrator {
    /// @notice Opens a dispute at the court for the caller, which the court will call back by `rule`.
    /// @param choices number of rulings besides the refusal.
    /// @param extraData the court's own, such as number of jurors.
    function createDispute(uint256 choices, bytes calldata extraData) external payable returns (uint256 courtId);

    /// @notice What `createDispute` costs, in wei.
    function arbitrationCost(bytes calldata extraData) external view returns (uint256);
}
