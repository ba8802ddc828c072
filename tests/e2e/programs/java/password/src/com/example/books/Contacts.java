// Shape `token-made-by-password`: HttpURLConnection, an authtoken made for each call with an e-mail address and a
// password, read line by line with a tokenizer, and sent as a parameter.
package com.example.books;

import driver.Answer;
import driver.Driver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

public class Contacts {
    public static Answer all() throws IOException {
        String token = Login.authtoken("nobody@example.com", "made-up");
        URL url = new URL("https://books.zoho.com/api/v3/contacts?authtoken=" + token + "&organization_id=700000002");
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        int status = connection.getResponseCode();
        InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        return new Answer(status, read(body));
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
        in.close();
        return out.toString("UTF-8");
    }

    public static void main(String[] args) throws InterruptedException {
        System.exit(Driver.run(args, Contacts::all));
    }
}
