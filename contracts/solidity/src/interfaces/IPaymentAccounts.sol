// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title What the licence registry tells the payment processor
interface IPaymentAccounts {
    /// @notice Reads again whether a licence is payable, and opens its account. Anyone; the registry does it on every change.
    function refresh(uint256 licenseId) external;
}
