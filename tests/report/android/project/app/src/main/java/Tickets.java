import android.app.Activity;
import okhttp3.Request;

class Tickets extends Activity {
    Request request(String token) {
        return new Request.Builder().url("https://desk.zoho.com.au/api/v1/tickets")
            .header("Authorization", "Zoho-authtoken " + token).build();
    }
}
