using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace VendorPortal.Components.Overview;

/// <summary>
/// The address of a page whose controls change it. Tells of a change from outside (back, a link), and not of the echo of an own one: while own changes are on
/// their way to the browser and back, the newest counts.
/// </summary>
internal sealed class PageAddress : IDisposable
{
    private readonly NavigationManager navigation;
    private readonly string path;
    private readonly Func<Task> follow;
    private int outstanding;

    /// <param name="navigation">Of the circuit.</param>
    /// <param name="path">The path of the page, without what stands before it on this portal.</param>
    /// <param name="follow">Reads the address anew; called on the thread of the circuit or not.</param>
    public PageAddress(NavigationManager navigation, string path, Func<Task> follow)
    {
        (this.navigation, this.path, this.follow) = (navigation, path, follow);
        navigation.LocationChanged += OnLocationChanged;
    }

    /// <summary>Goes to an own address; <paramref name="replace"/> stays in the same entry of the history.</summary>
    public void Go(string address, bool replace)
    {
        outstanding++;
        navigation.NavigateTo(address, replace: replace);
    }

    public void Dispose() => navigation.LocationChanged -= OnLocationChanged;

    private async void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        if (!new Uri(e.Location).AbsolutePath.EndsWith(path, StringComparison.OrdinalIgnoreCase) || (outstanding > 0 && --outstanding > 0))
            return;
        try
        {
            await follow();
        }
        catch (ObjectDisposedException)
        {
            // The page is gone.
        }
    }
}
