// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Payment} from "../lib/Types.sol";
import {IUsdc} from "./IUsdc.sol";

/// @title What the dispute resolver may do with direct payments
/// @notice All payments of one call belong to one payer and one licence.
interface IDisputeHooks {
    /// @notice Takes payments out of what the publisher can withdraw, while they are inside the hold window.
    /// @return total sum of the payments.
    function hold(Payment[] calldata payments) external returns (uint256 total);

    /// @notice Gives held payments back to the publisher's buckets.
    function release(Payment[] calldata payments) external;

    /// @notice Pays held payments back to their payer.
    function refund(Payment[] calldata payments) external;

    /// @notice The USDC contract of this chain.
    function usdc() external view returns (IUsdc);
}
