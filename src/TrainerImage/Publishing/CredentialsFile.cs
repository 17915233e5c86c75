using IrisOperator.Learning;
using IrisOperator.Registry.Authentication;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>A .dockerconfigjson as a Secret is mounted. Its content goes into no message.</summary>
internal static class CredentialsFile
{
    private const int MaxBytes = 1 << 20;

    /// <exception cref="InputException">It was named, and is missing, unreadable or something else.</exception>
    public static RegistryCredentials Read(string? path)
    {
        if (path is null)
        {
            return RegistryCredentials.None;
        }
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length > MaxBytes
                ? throw Wrong(path, "is longer than a Secret can be")
                : RegistryCredentials.FromDockerConfig(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Wrong(path, "there is no such file; is the Secret mounted, and does it have this key?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, $"cannot be read: {e.Message}");
        }
        catch (FormatException e)
        {
            throw Wrong(path, e.Message);
        }
    }

    private static InputException Wrong(string path, string what) =>
        GivenOptions.Wrong($"{PublishOption.Credentials.Name}: {path}: {what}");
}
