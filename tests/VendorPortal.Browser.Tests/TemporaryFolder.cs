namespace VendorPortal.Browser.Tests;

/// <summary>A folder of its own, removed with all that is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("vendor-portal-test-").FullName;

    public string this[string name] => Path.Combine(FullName, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (IOException)
        {
            // A killed program may still be letting go of a file; the folder lies in the temporary directory.
        }
    }
}
