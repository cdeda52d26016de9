// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {TachiTest} from "../base/TachiTest.sol";

/// @notice What the handlers of both invariant suites share: a clock, USDC's moods, and a model of every balance.
/// @dev A handler knows of each call whether it must succeed, and how much USDC moves from whom to whom; a call that
/// must fail is made all the same. So a run shows not only that nothing is lost but that nobody is locked out.
abstract contract Books is TachiTest {
    /// @dev What each account must hold, to the unit.
    mapping(address account => uint256) internal expected;
    mapping(address account => bool) internal known;
    mapping(address account => bool) internal refused;
    address[] internal holders;
    bool internal usdcPaused;
    uint256 private _clock;

    /// @dev A handler's time goes on where its last action left it.
    modifier timed() {
        vm.warp(_clock);
        _;
        _clock = block.timestamp;
    }

    function setUp() public virtual override {
        super.setUp();
        _clock = block.timestamp;
    }

    // ---- the model

    function moved(address from, address to, uint256 amount) internal {
        expected[from] -= amount;
        _hold(to, amount);
    }

    function minted(address to, uint256 amount) internal {
        give(to, amount);
        _hold(to, amount);
    }

    /// @dev An account whose balance counts from now on.
    function watch(address account) internal {
        _hold(account, 0);
    }

    /// @dev USDC takes a transfer between the two.
    function flows(address from, address to) internal view returns (bool) {
        return !usdcPaused && !refused[from] && !refused[to];
    }

    /// @dev Every account holds what the model says, so no unit was made, lost or sent to somebody else.
    function checkBooks() internal view {
        uint256 total = 0;
        for (uint256 i = 0; i < holders.length; ++i) {
            uint256 balance = usdc.balanceOf(holders[i]);
            assertEq(balance, expected[holders[i]]);
            total += balance;
        }
        assertEq(usdc.totalSupply(), total);
    }

    // ---- USDC's moods

    function _toggleRefused(address account) internal {
        vm.prank(usdcOwner);
        if (refused[account]) token.unBlacklist(account);
        else token.blacklist(account);
        refused[account] = !refused[account];
    }

    function _toggleUsdc() internal {
        vm.prank(usdcOwner);
        if (usdcPaused) token.unpause();
        else token.pause();
        usdcPaused = !usdcPaused;
    }

    /// @dev USDC refuses nobody any more.
    function _calm() internal {
        if (usdcPaused) _toggleUsdc();
        for (uint256 i = 0; i < holders.length; ++i) {
            if (refused[holders[i]]) _toggleRefused(holders[i]);
        }
    }

    /// @dev The call must fail.
    function refuses(address caller, address target, bytes memory data) internal {
        vm.prank(caller);
        (bool ok,) = target.call(data);
        assertFalse(ok);
    }

    function _hold(address to, uint256 amount) private {
        if (!known[to]) {
            known[to] = true;
            holders.push(to);
        }
        expected[to] += amount;
    }
}
