// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title What the money contracts ask of the licence registry
interface ICrawlLicense {
    /// @notice Whether new payments to the licence are taken: it exists, is active and not suspended.
    function isPayable(uint256 id) external view returns (bool);

    /// @notice Where the licence's money goes now. Reverts for a licence that does not exist.
    function payoutOf(uint256 id) external view returns (address);

    /// @notice The licence's holder. Reverts for a licence that does not exist.
    function ownerOf(uint256 id) external view returns (address);

    /// @notice Stops new payments to a licence; only the dispute resolver.
    function suspend(uint256 id) external;

    /// @notice Ends a suspension; only the dispute resolver.
    function unsuspend(uint256 id) external;
}
