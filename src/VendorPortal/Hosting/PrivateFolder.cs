namespace VendorPortal.Hosting;

/// <summary>Folders that only the account the portal runs as may enter: they hold keys, and who pulled what.</summary>
internal static class PrivateFolder
{
    /// <summary>Makes the folder where it is missing; one that exists keeps its permissions.</summary>
    public static DirectoryInfo Create(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
