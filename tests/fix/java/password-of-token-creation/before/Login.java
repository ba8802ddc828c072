import java.net.URI;
import java.net.http.HttpRequest;

public class Login {
    private static final String PASSWORD = "blue-horse";

    HttpRequest token() {
        return HttpRequest.newBuilder(URI.create("https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoCRM/crmapi"
            + "&EMAIL_ID=somebody@example.com&PASSWORD=" + PASSWORD)).build();
    }
}
